"""Buttons that ask for a reason before they act. Plain pages: an emergency must not depend on scripts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from featureflags.admin.forms import ReasonForm
from featureflags.admin.reach import Reach
from featureflags.errors import FlagConflict, FlagError, KeyTaken

P = ParamSpec("P")
R = TypeVar("R")


def acting_user(request: HttpRequest) -> User:
    """Return who is logged in, for the audit. Raises `PermissionDenied` for nobody, which the admin never lets in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def asked_for(model_admin: ModelAdmin, request: HttpRequest, object_id: object) -> Any:
    """Return the object of a button's address, which may be any text. Raises `Http404` where there is none."""
    found = model_admin.get_object(request, str(object_id))
    if found is None:
        raise Http404
    return found


def looks_again(view: Callable[P, R]) -> Callable[P, R]:
    """Answer once more where somebody was faster by a moment: the page then says so and keeps what was entered.

    Once is enough: what was shown is no longer so, and the page asks again before it acts.
    """

    @wraps(view)
    def looking(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return view(*args, **kwargs)
        except (FlagConflict, KeyTaken):
            return view(*args, **kwargs)

    return looking


def chosen_rows(request: HttpRequest, action: str) -> tuple[tuple[str, str], ...]:
    """Return what the page of a bulk action sends again: the action, and the rows it was chosen for."""
    names = ("select_across", ACTION_CHECKBOX_NAME)
    return ("action", action), *((name, value) for name in names for value in request.POST.getlist(name))


def ask_and_act(
    model_admin: ModelAdmin,
    request: HttpRequest,
    *,
    title: str,
    explanation: str,
    button: str,
    done: str,
    back: str,
    act: Callable[[str], object],
    about: Model | None = None,
    reach: Reach | None = None,
    reason: str = "",
    hidden: tuple[tuple[str, str], ...] = (),
    submitted: bool | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Show what will happen and ask for a reason; with a reason, do it and go `back`.

    `about` is named above the page, `reach` is whom it switches, to be confirmed, `reason` one that is offered.
    `done` says afterwards what was done.
    `hidden` fields are sent along; `submitted` tells a first POST that only opens the page from the one that acts.
    Raises `FlagConflict` when the flag was changed since `reach` was counted: see `looks_again`.
    """
    is_answer = request.method == "POST" if submitted is None else submitted
    form = ReasonForm(request.POST if is_answer else None, reach=reach, initial={"reason": reason})
    if form.is_valid():
        try:
            act(form.cleaned_data["reason"])
            messages.success(request, f"{done}. Every process follows within a second.")
        except FlagConflict:
            raise
        except FlagError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "explanation": explanation,
        "button": button,
        "danger": danger,
        "back": back,
        "form": form,
        "hidden": hidden,
        "original": about,
        "opts": model_admin.model._meta,
    }
    return render(request, "featureflags/reason.html", context)
