"""Names of offices as lists have them, in the days of districts and after."""

from datetime import date

import pytest

from accounts.importing.offices import is_official, level_of

IN_2023, IN_2026 = date(2023, 12, 11), date(2026, 11, 29)
COMMUNE, DISTRICT, PROVINCE, CENTRE = "commune", "district", "province", "centre"

OFFICES = [  # in 2023, in 2026
    # departments of the province and what is within them
    ("TT. Khuyến nông", PROVINCE, PROVINCE),
    ("Trung tâm Xúc tiến thương mại, Sở Công Thương", PROVINCE, PROVINCE),
    ("Trung tâm Khuyến nông tỉnh Cà Mau, Bộ NN&PTNT", PROVINCE, PROVINCE),
    ("Cục Quản lý thị trường Cà Mau, Bộ Công Thương", PROVINCE, PROVINCE),
    ("Liên minh H.T.X", PROVINCE, PROVINCE),
    ("Sở TT&TT", PROVINCE, PROVINCE),
    ("Sở Công Thương", PROVINCE, PROVINCE),
    ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", PROVINCE, PROVINCE),
    ("So Cong Thuong tinh Ca Mau", PROVINCE, PROVINCE),
    ("Phòng Nghiệp vụ, Sở Công Thương", PROVINCE, PROVINCE),
    ("Phòng KH-TC - Sở NN&PTNT", PROVINCE, PROVINCE),
    ("Phòng Quản lý công nghiệp (Sở Công Thương)", PROVINCE, PROVINCE),
    ("Văn phòng Sở NN&PTNT", PROVINCE, PROVINCE),
    ("Phòng PTNT, Chi cục PTNT", PROVINCE, PROVINCE),
    ("Phong PTNT - Chi cuc PTNT", PROVINCE, PROVINCE),
    ("Chi cục Trồng trọt và Bảo vệ thực vật", PROVINCE, PROVINCE),
    ("Sở Công Thương, phường 5, thành phố Cà Mau", PROVINCE, PROVINCE),
    ("Trung tâm Khuyến nông", PROVINCE, PROVINCE),
    ("Phòng Kỹ thuật, Trung tâm Khuyến nông", PROVINCE, PROVINCE),
    ("Trung tâm Xúc tiến Đầu tư và Hỗ trợ doanh nghiệp", PROVINCE, PROVINCE),
    ("VPĐP Nông thôn mới tỉnh", PROVINCE, PROVINCE),
    ("Văn phòng Điều phối NTM", PROVINCE, PROVINCE),
    ("Liên minh Hợp tác xã tỉnh Cà Mau", PROVINCE, PROVINCE),
    ("Liên minh HTX", PROVINCE, PROVINCE),
    ("VP UBND tỉnh", PROVINCE, PROVINCE),
    ("UBND TP.HCM", PROVINCE, PROVINCE),
    ("UBND thành phố Cần Thơ", PROVINCE, PROVINCE),
    ("Báo ảnh Đất Mũi", PROVINCE, PROVINCE),
    ("Đài Phát thanh - Truyền hình Cà Mau", PROVINCE, PROVINCE),
    ("Bảo hiểm xã hội tỉnh", PROVINCE, PROVINCE),
    ("Cục Thống kê tỉnh Cà Mau", PROVINCE, PROVINCE),
    ("Cục Quản lý thị trường Cà Mau", PROVINCE, PROVINCE),
    ("Bộ Chỉ huy quân sự tỉnh", PROVINCE, PROVINCE),
    ("Bộ đội Biên phòng tỉnh", PROVINCE, PROVINCE),
    ("Ban Quản lý Chương trình mục tiêu quốc gia tỉnh", PROVINCE, PROVINCE),
    # the party and its unions
    ("Tỉnh ủy Cà Mau", PROVINCE, PROVINCE),
    ("Văn phòng Tỉnh uỷ", PROVINCE, PROVINCE),
    ("Tỉnh đoàn", PROVINCE, PROVINCE),
    ("Thành ủy TP.HCM", PROVINCE, PROVINCE),
    ("Thành ủy Cần Thơ", PROVINCE, PROVINCE),
    ("Thành uỷ Hà Nội", PROVINCE, PROVINCE),
    ("Thành ủy Huế", DISTRICT, PROVINCE),
    ("Thành ủy Cà Mau", DISTRICT, COMMUNE),
    ("Thành đoàn Cà Mau", DISTRICT, COMMUNE),
    ("Huyện ủy Năm Căn", DISTRICT, COMMUNE),
    ("Thị ủy Giá Rai", DISTRICT, COMMUNE),
    ("Huyện đoàn Năm Căn", DISTRICT, COMMUNE),
    ("Đảng bộ xã Đất Mũi", COMMUNE, COMMUNE),
    ("Đảng ủy xã Đất Mũi", COMMUNE, COMMUNE),
    ("Xã đoàn Đất Mũi", COMMUNE, COMMUNE),
    ("Hội LHPN Việt Nam xã Đất Mũi", COMMUNE, COMMUNE),
    ("Ủy ban MTTQ Việt Nam tỉnh", PROVINCE, PROVINCE),
    # districts
    ("Phòng NN&PTNT huyện Năm Căn", DISTRICT, COMMUNE),
    ("Phòng Lao động - Thương binh và Xã hội huyện U Minh", DISTRICT, COMMUNE),
    ("UBND huyện Năm Căn, tỉnh Cà Mau", DISTRICT, COMMUNE),
    ("Phòng Kinh tế TP Cà Mau", DISTRICT, COMMUNE),
    ("Phòng Kinh tế thị xã Giá Rai", DISTRICT, COMMUNE),
    ("UBND quận Ninh Kiều, TP. Cần Thơ", DISTRICT, COMMUNE),
    ("UBND TP Thủ Đức, TP.HCM", DISTRICT, COMMUNE),
    ("Phòng Kinh tế", DISTRICT, COMMUNE),
    ("Đài Truyền thanh - Truyền hình huyện Cái Nước", DISTRICT, COMMUNE),
    ("VPĐP NTM, huyện Năm Căn", DISTRICT, COMMUNE),
    ("Ngân hàng Chính sách xã hội huyện", DISTRICT, COMMUNE),
    # districts as lists shorten them
    ("UBND H. Năm Căn", DISTRICT, COMMUNE),
    ("UBND H.Năm Căn, tỉnh Cà Mau", DISTRICT, COMMUNE),
    ("UBND H Năm Căn", DISTRICT, COMMUNE),
    ("UBND H. Nam Can", DISTRICT, COMMUNE),
    ("Hội Nông dân H. Phú Tân", DISTRICT, COMMUNE),
    ("Trung tâm DVNN H. Thới Bình", DISTRICT, COMMUNE),
    ("TTDVNN H. Thới Bình", DISTRICT, COMMUNE),
    ("P.NN&PTNT H. Đầm Dơi", DISTRICT, COMMUNE),
    ("P. Kinh tế TX. Giá Rai", DISTRICT, COMMUNE),
    ("Công an H. U Minh", DISTRICT, COMMUNE),
    ("UBND TX. Giá Rai", DISTRICT, COMMUNE),
    ("UBND tx Giá Rai", DISTRICT, COMMUNE),
    ("TT. Khuyến nông H. Năm Căn", DISTRICT, COMMUNE),
    # communes as lists shorten them, in a district
    ("UBND TT. Rạch Gốc, H. Ngọc Hiển", COMMUNE, COMMUNE),
    ("UBND TT Rạch Gốc, huyện Ngọc Hiển", COMMUNE, COMMUNE),
    ("UBND TT. Rạch Gốc H. Ngọc Hiển", COMMUNE, COMMUNE),
    ("Hội Nông dân TT. Cái Đôi Vàm, H. Phú Tân", COMMUNE, COMMUNE),
    ("UBND X. Đất Mũi, H. Ngọc Hiển", COMMUNE, COMMUNE),
    ("UBND P. 5, TP. Cà Mau", COMMUNE, COMMUNE),
    ("Công an P.5 - TP. Cà Mau", COMMUNE, COMMUNE),
    # communes
    ("UBND xã Đất Mũi, tỉnh Cà Mau", COMMUNE, COMMUNE),
    ("UBND xã Đất Mũi huyện Ngọc Hiển tỉnh Cà Mau", COMMUNE, COMMUNE),
    ("UBND xa Dat Mui", COMMUNE, COMMUNE),
    ("Phòng Kinh tế, UBND phường An Xuyên", COMMUNE, COMMUNE),
    ("Phòng Văn hóa - Xã hội xã Đất Mũi", COMMUNE, COMMUNE),
    ("UBND thị trấn Rạch Gốc", COMMUNE, COMMUNE),
    ("UBND đặc khu Phú Quốc", COMMUNE, COMMUNE),
    ("Ban Chỉ đạo Chương trình mục tiêu quốc gia xã Đất Mũi", COMMUNE, COMMUNE),
    ("Kho bạc Nhà nước Cà Mau", COMMUNE, COMMUNE),
    ("Trường Đại học Cần Thơ", COMMUNE, COMMUNE),
    ("Câu lạc bộ Khởi nghiệp", COMMUNE, COMMUNE),
    ("Cán bộ nông nghiệp", COMMUNE, COMMUNE),
    ("Cơ sở sản xuất bò khô", COMMUNE, COMMUNE),
    # the centre
    ("Bộ Công Thương", CENTRE, CENTRE),
    ("Bộ NN&PTNT", CENTRE, CENTRE),
    ("Cục Kinh tế hợp tác và PTNT, Bộ Nông nghiệp và PTNT", CENTRE, CENTRE),
    ("Cục Xúc tiến thương mại", CENTRE, CENTRE),
    ("Vụ Thị trường trong nước - Bộ Công Thương", CENTRE, CENTRE),
    ("Văn phòng Điều phối nông thôn mới Trung ương", CENTRE, CENTRE),
    ("Trung tâm Xúc tiến thương mại, Bộ Công Thương", CENTRE, CENTRE),
    ("Trung tâm Khuyến nông, Bộ NN&PTNT", CENTRE, CENTRE),
    ("Phòng Kỹ thuật - Trung tâm Khuyến nông - Bộ NN&PTNT", CENTRE, CENTRE),
    ("TW Hội Nông dân Việt Nam", CENTRE, CENTRE),
    ("Trung tâm Khuyến nông Quốc gia", CENTRE, CENTRE),
    ("Liên minh Hợp tác xã Việt Nam", CENTRE, CENTRE),
]


@pytest.mark.parametrize(("unit", "then", "now"), OFFICES)
def test_an_office_is_of_the_level_that_its_name_says(unit, then, now):
    assert (level_of(unit, IN_2023), level_of(unit, IN_2026)) == (then, now)
    assert level_of(unit) == now


@pytest.mark.parametrize("unit", [unit for unit, _then, _now in OFFICES])
def test_an_office_is_known_as_one(unit):
    """Who comes of it is an official and not a subject."""
    is_one = not unit.startswith(("Câu lạc bộ", "Cán bộ", "Cơ sở", "Ngân hàng"))
    assert is_official(unit, "") == is_one


@pytest.mark.parametrize(
    "unit",
    [
        "Bò một nắng Út Lan",
        "Bơ sáp Đắk Lắk",
        "Sò huyết Ông Trang",
        "Đặng Văn Út",
        "Trương Thị Bé",
        "Tinh dầu tràm",
        "Bảo Ngọc",
        "Đại Phát",
    ],
)
def test_what_sounds_like_an_office_without_its_diacritics_is_none(unit):
    assert not is_official(unit, "")
    assert is_official(unit, "Chuyên viên")
