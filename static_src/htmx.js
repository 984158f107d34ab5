// htmx reads its settings from <meta name="htmx-config"> in templates/base.html.
import htmx from "htmx.org";

window.htmx = htmx;
