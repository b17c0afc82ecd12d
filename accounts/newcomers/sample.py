"""A list to fill in: the heads, and beside them how each is written. Nobody stands in it, so that nobody is imported by mistake."""

import io

from django.utils.translation import gettext as _

from lib import sheets

WIDE = 60


def workbook() -> bytes:
    heads = [
        (_("STT"), 6), (_("Họ và tên"), 28), (_("Năm sinh"), 10), (_("Số điện thoại"), 16), (_("Đối tượng"), 14),
        (_("Đơn vị, chủ thể"), 34), (_("Chức vụ"), 22), (_("Xã, phường"), 26), (_("Tỉnh"), 16),
    ]  # fmt: skip
    output = io.BytesIO()
    tables = [
        sheets.Table(_("Danh sách"), heads, []),
        sheets.Table(_("Cách ghi"), [(_("Mục"), 28), (_("Cách ghi"), WIDE)], _said()),
    ]
    sheets.write_tables(output, tables, moments=sheets.DAYS)
    return output.getvalue()


def _said() -> list[list[str]]:
    return [
        [_("Họ và tên"), _("Bắt buộc. Viết hoa hay viết thường đều được.")],
        [_("Năm sinh"), _("Có thì ghi, để phân biệt người trùng tên. Ghi cả ngày sinh cũng được, chỉ giữ lại năm.")],
        [_("Số điện thoại"), _("Người ấy vào học bằng mã gửi tới số này. Chưa có thì để trống, sau khi nhập in phiếu mã.")],
        [_("Đối tượng"), _("“chủ thể” hoặc “cán bộ”. Để trống thì đoán theo đơn vị, chức vụ.")],
        [_("Đơn vị, chủ thể"), _("Người làm ra sản phẩm: tên hợp tác xã, cơ sở, hộ. Cán bộ: tên cơ quan.")],
        [_("Chức vụ"), _("Giám đốc, chủ cơ sở: người đứng đầu. Phó giám đốc, kế toán: quản lý. Nhân viên: lao động.")],
        [_("Xã, phường"), _("Tên hiện nay hay tên cũ đều được. Cán bộ cấp tỉnh có thể để trống, chỉ ghi tỉnh.")],
    ]  # fmt: skip
