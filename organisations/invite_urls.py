"""The addresses that stand in invitations."""

from __future__ import annotations

from django.urls import path

from organisations.views import public

app_name = "invite"
urlpatterns = [
    path("<str:token>/", public.link, name="link"),
    path("<str:token>/join/", public.link_followed, name="link_followed"),
    path("place/<str:token>/", public.place, name="place"),
    path("place/<str:token>/join/", public.place_taken, name="place_taken"),
]
