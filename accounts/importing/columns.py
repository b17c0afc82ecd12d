"""The columns of a register of subjects, as departments call them."""

from django.utils.translation import gettext_lazy as _

from lib.lists import Columns, Sheet, Vocabulary
from lib.lists.columns import IGNORED

STARS_APART = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}  # marked in a column of their own
LABELS = {
    "name": _("Tên chủ thể"),
    "kind": _("Loại hình"),
    "leader": _("Người đứng đầu, đại diện"),
    "phone": _("Điện thoại"),
    "place": _("Xã, phường hoặc địa chỉ"),
    "district": _("Huyện cũ, nếu ở cột riêng"),
    "province": _("Tỉnh, nếu ở cột riêng"),
    "product": _("Tên sản phẩm"),
    "stars": _("Hạng sao"),
    "three": _("3 sao, nếu đánh dấu ở cột riêng"),
    "four": _("4 sao, nếu đánh dấu ở cột riêng"),
    "five": _("5 sao, nếu đánh dấu ở cột riêng"),
    "decision": _("Quyết định công nhận"),
    "decided": _("Ngày quyết định, nếu ở cột riêng"),
    "until": _("Có giá trị đến"),
}
_NAMES = {
    "number": "stt|tt|so tt|so thu tu|no|s t t",
    "name": "ten chu the|chu the|chu the ocop|ten chu the ocop|ten co so|co so|ten don vi|don vi|ten co so san xuat|co so san xuat|chu the san xuat|chu the san pham|ten chu the san xuat|don vi san xuat|ten to chuc|ten to chuc ca nhan|to chuc ca nhan|ten chu the san pham|chu the san xuat kinh doanh|co so san xuat kinh doanh|ten doanh nghiep htx|ten doanh nghiep|ten htx|chu so huu|ten co so chu the|don vi chu the|name",
    "kind": "loai hinh|loai hinh chu the|loai hinh to chuc|hinh thuc to chuc|loai chu the|loai hinh san xuat|loai hinh kinh doanh|loai hinh doanh nghiep|loai hinh to chuc san xuat|kind",
    "leader": "nguoi dung dau|nguoi dai dien|dai dien|ho ten nguoi dai dien|ho va ten nguoi dai dien|nguoi dai dien phap luat|nguoi dai dien theo phap luat|giam doc|chu co so|chu ho|ten chu ho|ho ten chu co so|ho va ten chu co so|ten nguoi dai dien|nguoi dai dien chu the|ho va ten|ho ten|ho ten chu the|dai dien chu the|nguoi lien he|chu nhiem|dai dien phap luat|leader",
    "phone": "so dien thoai|dien thoai|sdt|dt|so dt|dtdd|di dong|sdt lien he|so dien thoai lien he|dien thoai lien he|lien he|so dtdd|so di dong|dien thoai di dong|phone",
    "place": "xa|xa phuong|dia ban|xa phuong dac khu|dia chi|dia chi san xuat|dia chi co so|xa phuong thi tran|xa thi tran|phuong xa|dia phuong|tru so|dia chi tru so|dia chi chu the|noi san xuat|dia diem san xuat|dia chi xa|dia chi xa phuong|ten xa|ap xa|dia diem|place",
    "district": "huyen|huyen thanh pho|huyen thi xa thanh pho|quan huyen|huyen tp|dia chi huyen|ten huyen|huyen cu|huyen tx tp|huyen thanh pho cu",
    "province": "tinh|tinh thanh pho|tinh tp|ten tinh|province",
    "product": "ten san pham|san pham|san pham ocop|ten san pham ocop|ten san pham dich vu|san pham dich vu|ten sp|sp|ten san pham duoc cong nhan|san pham duoc cong nhan|danh muc san pham|product",
    "stars": "hang sao|so sao|sao|phan hang|hang|xep hang|ket qua phan hang|ket qua xep hang|ket qua danh gia|hang san pham|hang sao cong nhan|ket qua danh gia phan hang|phan hang san pham|phan hang sao|so sao dat|dat sao|hang sao duoc cong nhan|cap sao|stars",
    "three": "3 sao|hang sao 3 sao|hang 3 sao|phan hang 3 sao|ket qua phan hang 3 sao|so sao 3 sao|3",
    "four": "4 sao|hang sao 4 sao|hang 4 sao|phan hang 4 sao|ket qua phan hang 4 sao|so sao 4 sao|4",
    "five": "5 sao|hang sao 5 sao|hang 5 sao|phan hang 5 sao|ket qua phan hang 5 sao|so sao 5 sao|5",
    "decision": "quyet dinh|so quyet dinh|quyet dinh cong nhan|so quyet dinh cong nhan|so qd|qd cong nhan|qd|so qd cong nhan|van ban cong nhan|quyet dinh cong nhan ket qua|quyet dinh phe duyet|so ngay quyet dinh|so quyet dinh ngay|quyet dinh so ngay|quyet dinh cong nhan so ngay|quyet dinh so|quyet dinh so hieu|quyet dinh cong nhan so|so hieu quyet dinh|so ngay thang nam quyet dinh|decision",
    "decided": "ngay quyet dinh|ngay cong nhan|ngay cap|ngay ky|thoi gian cong nhan|ngay ban hanh|ngay thang nam cong nhan|ngay qd|quyet dinh ngay|ngay thang nam|quyet dinh cong nhan ngay|quyet dinh ngay ky|quyet dinh cong nhan ngay ky|ngay ky quyet dinh|thoi diem cong nhan|ngay thang|quyet dinh ngay thang|quyet dinh ngay cap|ngay cap giay chung nhan",
    "until": "co gia tri den|hieu luc den|ngay het han|thoi han|het han|hieu luc|het hieu luc|ngay het hieu luc|thoi han cong nhan|co hieu luc den|thoi han den|gia tri den|han cong nhan|thoi gian het han|ngay het han cong nhan|thoi han hieu luc|giay chung nhan co gia tri den|thoi gian hieu luc|co gia tri den ngay|thoi han giay chung nhan|gcn co gia tri den|valid until",
    IGNORED: "ghi chu|note|luu y|email|e mail|website|ma so thue|mst|dan toc|gioi tinh|nam sinh|nhom san pham|nganh|bo san pham|nhom|phan nhom|diem|tong diem|diem so|so diem|doanh thu|lao dong|so lao dong|nam cong nhan|nam|trang thai|ky ten|nganh hang|nhom nganh",
}  # fmt: skip
_CONTAIN = (
    (IGNORED, ("email", "doanh thu", "lao dong", "ma so thue", "website", "diem", "gioi tinh", "nam sinh", "dan toc", "nhom san pham", "bo san pham")),
    ("phone", ("dien thoai", "sdt", "so dt", "dtdd", "zalo")),
    ("until", ("het han", "het hieu luc", "gia tri den", "hieu luc den", "thoi han")),
    ("decided", ("ngay ky", "ngay cong nhan", "ngay quyet dinh")),
    ("decision", ("quyet dinh", "qd")),
    ("stars", ("hang sao", "so sao", "phan hang", "xep hang")),
    ("leader", ("nguoi dai dien", "nguoi dung dau", "chu co so", "ho va ten", "ho ten")),
    ("kind", ("loai hinh",)),
    ("product", ("ten san pham",)),
    ("name", ("chu the", "co so", "htx", "doanh nghiep", "don vi")),
    ("product", ("san pham",)),
    ("place", ("dia chi", "xa", "phuong")),
)  # fmt: skip
REGISTER = Vocabulary(LABELS, _NAMES, _CONTAIN)


def detect(sheet: Sheet) -> Columns:
    """By heads; of a sheet without heads that are known whoever imports says which column is which."""
    return REGISTER.detect(sheet) or Columns({}, sheet.rows[0].number, is_taken=False, is_found=False)
