"""Whether somebody belongs to an ethnic minority: asked on their own page alone, answered by whoever wants to."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions, helping
from accounts.access import person_required, the_person
from accounts.models import ConsentText, MinorityAnswer
from accounts.queries import running_consents, text_of

PURPOSE = ConsentText.Purpose.MINORITY
YES, NO = "co", "khong"


class MinorityForm(forms.Form):
    """Nothing is chosen or ticked beforehand. `is_agreed` is asked while no agreement runs."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Anh/Chị có phải người dân tộc thiểu số không?"),
        choices=[(YES, gettext_lazy("Có")), (NO, gettext_lazy("Không"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Hãy chọn Có hoặc Không; không muốn trả lời thì rời trang này.")},
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("Tôi đồng ý với những điều trên."),
        error_messages={
            "required": gettext_lazy("Chưa lưu câu trả lời, vì ô này chưa đánh dấu. Không đồng ý thì rời trang này.")
        },
    )

    def __init__(self, *args: object, is_agreed: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if is_agreed:
            del self.fields["agrees"]


@never_cache
@sensitive_post_parameters("answer")
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def minority(request: HttpRequest) -> HttpResponse:
    """Not while an officer helps, who would read the answer."""
    person = the_person(request)
    if helping.of(request):
        said = _("Câu này chỉ tự anh/chị trả lời, lúc không có cán bộ cùng xem. Hãy làm trên máy của mình.")
        messages.warning(request, said)
        return redirect("accounts_data")
    running = next((one for one in running_consents(person) if one.text.purpose == PURPOSE), None)
    answer = MinorityAnswer.objects.filter(person=person).first()
    text = running.text if running else text_of(PURPOSE, get_language() or "vi")
    known = {"answer": YES if answer.is_minority else NO} if answer else {}
    sent = request.POST if request.method == "POST" else None
    form = MinorityForm(sent, initial=known, is_agreed=running is not None)
    if request.method == "POST" and form.is_valid():
        is_minority = form.cleaned_data["answer"] == YES
        actions.answer_minority(person=person, text=text, is_minority=is_minority, at=timezone.now())
        messages.success(request, _("Đã lưu câu trả lời. Anh/Chị sửa hoặc rút lại lúc nào cũng được ở trang này."))
        return redirect("accounts_data")
    context = {"form": form, "text": text, "running": running}
    return render(request, "accounts/rights/minority.html", context)
