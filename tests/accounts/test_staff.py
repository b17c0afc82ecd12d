"""Administrators keep their colleagues: by name and number, with roles that begin and end."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import actions
from accounts.access import managed_places
from accounts.models import RoleAssignment, User
from lib.refusals import Refusal
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = {
    "phone": "0912 345 000",
    "display_name": "Lý Thị Mới",
    "password1": "mot-mat-khau-dai-99",
    "role": "manager",
    "scope": "place",
    "place_name": "Cà Mau",
}

LOOKS = {
    "name-display_name": "Lê Thị Quản Trị",
    "locale-preferred_language": "vi",
    "theme-theme": "system",
    "theme-density": "default",
    "theme-contrast": "system",
}


@pytest.fixture
def administrator():
    return cast.staff("administrator")


@pytest.fixture
def desk(administrator):
    return cast.client_of(administrator)


def test_a_colleague_is_made_by_name_number_and_first_role(desk, administrator):
    desk.post("/quan-tri/users/new/", NEW)
    user = User.objects.get(phone="+84912345000")
    role = user.roles.get()
    assert (user.display_name, user.is_staff) == ("Lý Thị Mới", True)
    assert (role.role, role.place, role.granted_by) == ("manager", cast.province(), administrator)
    assert user.check_password("mot-mat-khau-dai-99")


def test_the_number_is_marked_as_needed_and_days_are_typed_day_first(desk):
    form = desk.get("/quan-tri/users/new/").context["form"]
    assert form["phone"].field.required
    assert f'value="{timezone.localdate():%d/%m/%Y}"' in str(form["valid_from"])
    assert 'type="date"' not in str(form["valid_until"])
    assert desk.post("/quan-tri/users/new/", NEW | {"phone": ""}).context["form"].errors["phone"]
    desk.post("/quan-tri/users/new/", NEW | {"valid_until": "05/11/2099"})
    assert f"{User.objects.get(phone='+84912345000').roles.get().valid_until:%Y-%m-%d}" == "2099-11-05"


def test_a_place_that_fits_several_is_asked_again(desk):
    answer = desk.post("/quan-tri/users/new/", NEW | {"place_name": "Tân Hưng"})
    assert "Có nhiều nơi khớp" in answer.text
    assert not User.objects.filter(phone="+84912345000").exists()


def test_the_list_holds_staff_and_no_trainees_and_finds_by_name_and_number(desk):
    cast.trainee(name="Trần Thị Học Viên")
    cast.staff("manager", cast.province(), phone="0977000111", name="Phạm Văn Quản")
    page = desk.get("/quan-tri/users/").text
    assert "Phạm Văn Quản" in page
    assert "cán bộ theo dõi tỉnh Cà Mau" in page
    assert "Trần Thị Học Viên" not in page
    for found in ("0977 000 111", "111", "pham quan", "PHẠM"):
        assert "Phạm Văn Quản" in desk.get("/quan-tri/users/", {"q": found}).text
    for other in ("955", "pham thi"):
        assert "Phạm Văn Quản" not in desk.get("/quan-tri/users/", {"q": other}).text


def test_a_second_role_widens_and_its_end_narrows_what_is_seen(desk):
    user = cast.staff("manager", cast.commune(), phone="0977000111")
    desk.post(f"/quan-tri/can-bo/{user.pk}/vai-tro/", {"role": "manager", "scope": "place", "place_name": "An Giang"})
    assert managed_places(user, "accounts.view_person").filter(pk=cast.province("An Giang").pk).exists()
    assert "An Giang" in desk.get(f"/quan-tri/can-bo/{user.pk}/vai-tro/").text
    assignment = RoleAssignment.objects.get(user=user, place=cast.province("An Giang"))
    desk.post(f"/quan-tri/can-bo/vai-tro/{assignment.pk}/thoi/", {"reason": "Đổi việc"})
    user = User.objects.get(pk=user.pk)  # as the next request
    assert not managed_places(user, "accounts.view_person").filter(pk=cast.province("An Giang").pk).exists()


def test_the_last_role_s_end_closes_the_admin_and_the_colleague_stays_in_the_list(desk):
    user = cast.staff("editor", phone="0977000111", name="Phạm Văn Soạn")
    theirs = cast.client_of(user)
    assert theirs.get("/quan-tri/").status_code == 200
    desk.post(f"/quan-tri/can-bo/vai-tro/{user.roles.get().pk}/thoi/", {"reason": "Nghỉ hưu"})
    assert theirs.get("/quan-tri/").status_code == 403
    assert "Phạm Văn Soạn" in desk.get("/quan-tri/users/").text


def test_nobody_finds_a_page_to_give_roles_to_oneself():
    user = cast.staff("manager", cast.province(), phone="0977000111")
    client = cast.client_of(user)
    answer = client.post(f"/quan-tri/can-bo/{user.pk}/vai-tro/", {"role": "administrator"})
    assert answer.status_code == 404
    assert user.roles.count() == 1


def test_staff_change_their_own_name_and_password(desk, administrator):
    page = desk.get("/quan-tri/account/").text
    assert "password-old_password" in page
    assert "first_name" not in page
    own = {
        "password-old_password": cast.PASSWORD,
        "password-new_password1": "mot-mat-khau-moi-99",
        "password-new_password2": "mot-mat-khau-moi-99",
    }
    desk.post("/quan-tri/account/", LOOKS | own)
    administrator.refresh_from_db()
    assert administrator.display_name == "Lê Thị Quản Trị"
    assert administrator.check_password("mot-mat-khau-moi-99")
    assert desk.get("/quan-tri/").status_code == 200


@pytest.mark.parametrize("typed", ["", "   ", "\u00a0", "\u200b", "1"])
def test_nobody_is_without_a_name(desk, administrator, typed):
    answer = desk.post("/quan-tri/account/", LOOKS | {"name-display_name": typed})
    assert "Hãy nhập họ và tên" in answer.text
    for path in ("new/", f"edit/{administrator.pk}/"):
        desk.post(f"/quan-tri/users/{path}", NEW | {"display_name": typed})
    assert [user.display_name for user in User.objects.all()] == ["Lê Văn Cán Bộ"]


def test_a_name_is_kept_tidy(desk, administrator):
    desk.post("/quan-tri/account/", LOOKS | {"name-display_name": "  Lê  Thị\u00a0Quản Tri\u0323 "})
    administrator.refresh_from_db()
    assert administrator.display_name == "Lê Thị Quản Trị"


def test_the_account_page_offers_what_works_here(desk, administrator):
    page = desk.get("/quan-tri/account/").text
    for name in ("avatar-avatar", "notifications-", "email", "locale-current_time_zone"):
        assert f'name="{name}' not in page
    assert 'name="locale-preferred_language"' in page
    assert "avatar-section" not in desk.get("/quan-tri/").text
    picture = SimpleUploadedFile("a.png", b"x", "image/png")
    desk.post("/quan-tri/account/", LOOKS | {"avatar-avatar": picture})
    assert not administrator.wagtail_userprofile.avatar


def test_the_language_of_the_account_page_is_the_admin_s(desk):
    desk.post("/quan-tri/account/", LOOKS | {"locale-preferred_language": "en"})
    assert '<html lang="en"' in desk.get("/quan-tri/users/").text


def test_a_device_left_open_does_not_guess_the_password(desk):
    own = {"password-new_password1": "mot-mat-khau-moi-99", "password-new_password2": "mot-mat-khau-moi-99"}
    answers = [desk.post("/quan-tri/account/", LOOKS | own | {"password-old_password": "sai"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_a_wrong_old_password_changes_nothing(desk, administrator):
    own = {"password-old_password": "sai", "password-new_password1": "x", "password-new_password2": "x"}
    assert desk.post("/quan-tri/account/", LOOKS | own).status_code == 200
    administrator.refresh_from_db()
    assert administrator.check_password(cast.PASSWORD)


def test_an_administrator_whose_role_ended_or_ran_out_is_an_administrator_no_more():
    for number, is_ended in (("0977000111", True), ("0977000222", False)):
        user = cast.staff("administrator", phone=number)
        if is_ended:
            actions.end_role(assignment=user.roles.get(), by=None, reason="Đổi việc", at=cast.NOW)
        else:
            user.roles.update(valid_from="2020-01-01", valid_until="2020-01-01")
            actions.end_expired_roles(at=cast.NOW)
        user.refresh_from_db()
        assert (user.is_superuser, user.is_staff) == (False, False)


def test_nobody_administers_one_place_only(desk):
    with pytest.raises(Refusal, match="cả nước"):
        cast.staff("administrator", cast.commune(), phone="0977000111")
    answer = desk.post("/quan-tri/users/new/", NEW | {"role": "administrator"})
    assert "Vai trò này là của cả nước" in answer.text


def test_a_role_and_its_reach_are_chosen_never_assumed(desk):
    page = desk.get("/quan-tri/users/new/").text
    assert "checked" not in page.split('name="scope"', 1)[1].split("place_name")[0]
    assert '<option value="" selected>(chọn)</option>' in page
    silent = {name: value for name, value in NEW.items() if name not in ("role", "scope", "place_name")}
    answer = desk.post("/quan-tri/users/new/", silent)
    assert "Hãy chọn vai trò" in answer.text
    assert "Hãy chọn một địa bàn hay cả nước" in answer.text
    assert "Hãy gõ tên địa bàn" in desk.post("/quan-tri/users/new/", NEW | {"place_name": ""}).text
    assert not User.objects.filter(phone="+84912345000").exists()


def test_the_form_for_a_colleague_has_no_fields_that_are_none(desk):
    page = desk.get("/quan-tri/users/new/").text
    assert "tab-roles" not in page
    assert "None" not in page.split('<ul class="fields">', 1)[1].split("</ul>", 1)[0]


def test_the_first_administrator_of_the_command_line_keeps_the_rights_when_roles_are_worked_out():
    user = User.objects.create_superuser("0977000333", cast.PASSWORD)
    actions.sync_groups(user=user, at=timezone.now())
    user.refresh_from_db()
    assert user.is_superuser


def test_a_colleague_whom_records_name_is_not_deleted_and_the_answer_leads_to_closing_the_log_in(desk):
    officer = cast.staff("manager", cast.commune(), phone="0977000444")
    officer_role = officer.roles.get()
    for method in (desk.get, desk.post):
        answer = method(f"/quan-tri/users/delete/{officer.pk}/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/quan-tri/users/edit/{officer.pk}/"
        assert "Không xóa được" in answer.text
    assert RoleAssignment.objects.filter(pk=officer_role.pk, user=officer).exists()


def test_deleting_is_offered_for_a_log_in_that_nothing_names_only_and_the_others_are_told_the_way(desk):
    officer = cast.staff("manager", cast.commune(), phone="0977000444")
    nobody = User.objects.create(phone="+84977000333", display_name="Lê Văn Cũ", date_joined=cast.NOW)
    for user, is_offered in ((officer, False), (nobody, True)):
        page = desk.get(f"/quan-tri/users/edit/{user.pk}/").text
        assert (f"/quan-tri/users/delete/{user.pk}/" in page) is is_offered
        assert ("tài khoản không xóa được" in page) is not is_offered
    assert "/quan-tri/users/delete/" not in desk.get("/quan-tri/users/").text


def test_on_the_own_page_nothing_is_said_about_deleting(desk, administrator):
    assert "không xóa được" not in desk.get(f"/quan-tri/users/edit/{administrator.pk}/").text


@pytest.mark.parametrize(
    ("address", "title"),
    [("users/", "Cán bộ"), ("users/new/", "Thêm cán bộ"), ("account/", "Tài khoản của tôi")],
)
def test_a_page_of_colleagues_is_headed_by_what_it_is(desk, address, title):
    page = desk.get(f"/quan-tri/{address}").text
    assert re.search(rf"<title>\s*{title} - ", page)
    assert "Thêm tài khoản" not in page


def test_the_way_back_from_a_colleague_is_called_what_the_menu_calls_it(desk):
    officer = cast.staff("manager", cast.commune(), phone="0977000444")
    for view in ("edit", "history"):
        page = desk.get(f"/quan-tri/users/{view}/{officer.pk}/").text
        assert re.search(r'href="/quan-tri/users/"[^>]*>\s*Cán bộ\s*<', page), view


def test_the_number_of_a_colleague_is_written_as_it_is_said(desk):
    officer = cast.staff("manager", cast.commune(), phone="0977000444")
    fields = {"phone": "0977 000 444", "display_name": "Lê Văn Hai", "is_active": "on"}
    assert 'value="0977 000 444"' in desk.get(f"/quan-tri/users/edit/{officer.pk}/").text
    desk.post(f"/quan-tri/users/edit/{officer.pk}/", fields)
    officer.refresh_from_db()
    assert (officer.phone, officer.display_name) == ("+84977000444", "Lê Văn Hai")


def test_who_recorded_a_consent_long_ago_is_not_deleted_either(desk):
    former = User.objects.create(phone="+84977000333", display_name="Lê Văn Cũ", date_joined=cast.NOW)
    consent = cast.trainee().person.consents.first()
    type(consent).objects.filter(pk=consent.pk).update(recorded_by=former)
    desk.post(f"/quan-tri/users/delete/{former.pk}/")
    consent.refresh_from_db()
    assert consent.recorded_by == former


def test_a_log_in_that_nothing_names_is_deleted(desk):
    nobody = User.objects.create(phone="+84977000333", display_name="Lê Văn Cũ", date_joined=cast.NOW)
    desk.post(f"/quan-tri/users/delete/{nobody.pk}/")
    assert not User.objects.filter(pk=nobody.pk).exists()


@pytest.mark.parametrize("action", ["assign_role", "set_active_state", "delete"])
def test_many_users_are_not_changed_at_once_past_their_roles(desk, action):
    editor, manager = cast.staff("editor", phone="0977000555"), Group.objects.get(name="manager")
    address = f"/quan-tri/bulk/accounts/user/{action}/?id={editor.pk}"
    fields = {"role": manager.pk, "mark_as_active": "False"}
    assert desk.get(address).status_code == 404
    assert desk.post(address, fields).status_code == 404
    editor.refresh_from_db()
    assert editor.is_active
    assert [group.name for group in editor.groups.all()] == ["editor"]
    assert "/quan-tri/bulk/" not in desk.get("/quan-tri/users/").text


def test_groups_and_rights_are_not_given_around_the_role_assignments(desk):
    user, group = cast.staff("editor", phone="0977000555"), Group.objects.get(name="administrator")
    fields = {"phone": user.phone, "display_name": "Lê Văn Soạn", "is_active": "on"}
    desk.post(f"/quan-tri/users/edit/{user.pk}/", fields | {"groups": [group.pk], "is_superuser": "on"})
    user.refresh_from_db()
    assert (user.display_name, user.is_superuser) == ("Lê Văn Soạn", False)
    assert [mine.name for mine in user.groups.all()] == ["editor"]
    for path in ("", "new/", f"edit/{group.pk}/", f"delete/{group.pk}/"):
        assert "/quan-tri/groups/" not in desk.get("/quan-tri/").text
        assert desk.get(f"/quan-tri/groups/{path}").status_code in (302, 403)
    assert desk.post(f"/quan-tri/groups/delete/{group.pk}/").status_code in (302, 403)
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_a_trainee_is_no_colleague_to_edit_or_delete(desk, view):
    trainee = cast.trainee()
    assert desk.get(f"/quan-tri/users/{view}/{trainee.pk}/").status_code == 404
    assert desk.post(f"/quan-tri/users/{view}/{trainee.pk}/", {"display_name": "x"}).status_code == 404
    assert User.objects.filter(pk=trainee.pk).exists()


def test_whether_a_colleague_is_still_here_is_said_in_words(desk):
    gone = cast.staff("editor", phone="0912345999", name="Lê Văn Nghỉ")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    page = desk.get("/quan-tri/users/").text
    cells = re.findall(r'<td[^>]* class="status">\s*(\w+)\s*</td>', page)
    assert sorted(cells) == ["Có", "Không"]
    assert not re.search(r"\b(True|False)\b", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_the_first_password_is_asked_once_and_last_and_never_sent_back(desk):
    page = desk.get("/quan-tri/users/new/").text
    assert 'name="password2"' not in page
    assert page.index('name="valid_until"') < page.index('name="password1"')
    assert "Mật khẩu của anh/chị" not in page
    again = desk.post("/quan-tri/users/new/", NEW | {"phone": "12"})
    assert again.context["form"].errors["phone"]
    assert NEW["password1"] not in again.text


@pytest.mark.parametrize("typed", ["", "ngan", "1234567890123", "password1234"])
def test_a_weak_first_password_is_refused(desk, typed):
    answer = desk.post("/quan-tri/users/new/", NEW | {"password1": typed})
    assert answer.context["form"].errors["password1"]
    assert not User.objects.filter(phone="+84912345000").exists()


@pytest.mark.parametrize("address", ["users/new/", "can-bo/{pk}/vai-tro/"])
def test_places_are_offered_while_the_name_is_typed(desk, administrator, address):
    page = desk.get(f"/quan-tri/{address.format(pk=administrator.pk)}").text
    assert 'data-place-names="/tai-khoan/noi-o/tim/?tinh=1&amp;q="' in page
    assert "js/place-names" in page


def test_what_is_offered_is_understood_when_it_is_chosen(desk):
    offered = desk.get("/tai-khoan/noi-o/tim/", {"tinh": "1", "q": "ca mau"}).json()["places"]
    assert offered[0]["name"] == "Tỉnh Cà Mau"
    commune = desk.get("/tai-khoan/noi-o/tim/", {"q": "nam can, ca mau"}).json()["places"][0]
    assert commune["name"] == "Xã Năm Căn, tỉnh Cà Mau"
    for number, place in enumerate((offered[0], commune)):
        typed = NEW | {"phone": f"091234500{number}", "place_name": place["name"]}
        desk.post("/quan-tri/users/new/", typed)
        assert User.objects.get(phone=f"+8491234500{number}").roles.get().place_id == place["id"]


def test_a_colleague_s_name_is_explained(desk, administrator):
    for path in ("new/", f"edit/{administrator.pk}/"):
        page = desk.get(f"/quan-tri/users/{path}").text
        assert "Của cán bộ không phải là học viên" not in page
        assert "Họ tên đầy đủ, có dấu" in page


class TestTwoAdministratorsWithOneForm:
    """Both opened it; what the second one sends would put the old values back that the first has changed."""

    @pytest.fixture
    def officer(self):
        return cast.staff("manager", cast.commune(), phone="0977000444", name="Phạm Văn Quản")

    def opened(self, desk, officer):
        page = desk.get(f"/quan-tri/users/edit/{officer.pk}/").text
        seen = re.search(r'name="seen" value="(\w+)"', page)[1]
        return {"phone": officer.phone, "display_name": officer.display_name, "is_active": "on", "seen": seen}

    def test_a_form_left_open_puts_nobody_back_in_use_and_no_old_number_back(self, desk, officer):
        address, form = f"/quan-tri/users/edit/{officer.pk}/", self.opened(desk, officer)
        gone = {name: value for name, value in form.items() if name != "is_active"}
        assert desk.post(address, gone | {"phone": "0977000445"}).status_code == 302
        answer = desk.post(address, form | {"display_name": "Phạm Văn Quân"})
        assert answer.status_code == 422
        assert "một cán bộ khác đã sửa" in answer.text
        assert 'value="Phạm Văn Quân"' in answer.text, "what was typed is kept"
        officer.refresh_from_db()
        assert (officer.phone, officer.is_active) == ("+84977000445", False)
        assert officer.display_name == "Phạm Văn Quản"

    def test_whoever_has_read_that_may_save_after_all(self, desk, officer):
        address, form = f"/quan-tri/users/edit/{officer.pk}/", self.opened(desk, officer)
        desk.post(address, form | {"display_name": "Phạm Văn Quân"})
        refused = desk.post(address, form | {"display_name": "Phạm Quân"})
        again = re.search(r'name="seen" value="(\w+)"', refused.text)[1]
        assert desk.post(address, form | {"display_name": "Phạm Quân", "seen": again}).status_code == 302
        officer.refresh_from_db()
        assert officer.display_name == "Phạm Quân"

    def test_one_s_own_form_is_watched_too(self, desk, administrator):
        address, form = f"/quan-tri/users/edit/{administrator.pk}/", self.opened(desk, administrator)
        assert desk.post(address, form | {"display_name": "Lê Văn Một"}).status_code == 302
        assert desk.post(address, form | {"display_name": "Lê Văn Hai"}).status_code == 422
