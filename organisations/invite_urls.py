"""The addresses that stand in invitations."""

from __future__ import annotations

from django.urls import path

from organisations.views import public

app_name = "invite"
urlpatterns = [
    path("<slug:token>/", public.link, name="link"),
    path("<slug:token>/join/", public.link_followed, name="link_followed"),
    path("place/<slug:token>/", public.place, name="place"),
    path("place/<slug:token>/join/", public.place_taken, name="place_taken"),
]
