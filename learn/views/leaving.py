"""Taking one's data along, and having oneself erased."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from courses.actions import erase_person
from learn.leaving import EraseForm, administered_alone
from learn.own_data import own_data_file


@never_cache
@login_required
@require_safe
def own_data(request: PersonRequest) -> StreamingHttpResponse:
    """All that is kept about the person, as a ZIP file."""
    response = StreamingHttpResponse(own_data_file(request.user), content_type="application/zip")
    name = f"chainwright-{timezone.localdate()}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: PersonRequest) -> HttpResponse:
    """What is erased and what stays; the person types their address, and is nobody."""
    alone = administered_alone(request.user)
    form = EraseForm(request.POST or None, request.user)
    if not alone and form.is_valid():
        erase_person(user=request.user)
        logout(request)
        messages.success(request, _("You are erased here, and signed out on every device."))
        return redirect("learn:landing")
    return render(request, "learn/erase.html", {"form": form, "alone": alone})
