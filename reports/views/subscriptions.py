"""Reports by e-mail: the person's list, one more, and stopping one, signed in or not."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.types import PersonRequest
from reports.access import subscription_for, subscriptions_for
from reports.forms import SubscriptionForm
from reports.models import ReportSubscription
from reports.subscriptions import end, subscribe, subscription_to_stop


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def subscriptions(request: PersonRequest) -> HttpResponse:
    """The person's own, and a form for one more; `?of=` chooses what it is of."""
    subjects, own = subscriptions_for(request.user)
    form = SubscriptionForm(request.POST or None, subjects, request.GET.get("of", ""))
    if form.is_valid():
        subject, rhythm = form.chosen_subject, form.cleaned_data["rhythm"]
        found = subscribe(user=request.user, subject=subject, rhythm=rhythm)
        words = {"report": subject.title, "rhythm": found.get_rhythm_display()}
        messages.success(request, _("“%(report)s” comes by e-mail %(rhythm)s.") % words)
        return redirect("reports:subscriptions")
    context = {"form": form if subjects else None, "subscriptions": own}
    return render(request, "reports/subscriptions/list.html", context)


@require_POST
@login_required
def end_subscription(request: PersonRequest, subscription_uuid: uuid.UUID) -> HttpResponse:
    """One of the person's own ends."""
    end(subscription_for(request.user, subscription_uuid), ReportSubscription.Reason.STOPPED)
    messages.success(request, _("You get no more letters with this report."))
    return redirect("reports:subscriptions")


# The link of a letter: whoever has it may stop that letter, so there is nothing to forge, and mail
# programs send the POST without a session (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST stop it."""
    subscription = subscription_to_stop(token)
    if request.method == "POST":
        end(subscription, ReportSubscription.Reason.STOPPED)
        subscription.refresh_from_db()
    context = {"subscription": subscription}
    return render(request, "reports/subscriptions/stop.html", context)
