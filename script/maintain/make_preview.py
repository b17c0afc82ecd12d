"""Draws static/img/preview.jpg, which stands beside addresses of this site that have no picture of their own, anew."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ |= {"DJANGO_SETTINGS_MODULE": "elearning.settings", "DEMO": "1"}
PAGE = """<html lang="vi"><body><article class="card">
<p class="name" style="font-size: 120px">Học OCOP</p>
<p class="course" style="font-size: 42px">Học trên điện thoại, miễn phí</p>
<p class="facts">Câu chuyện sản phẩm · An toàn thực phẩm · Đóng gói · Nhãn hiệu</p>
</article><div class="water"><img src="print:svg/preview-water.svg" alt=""></div></body></html>"""


def main() -> None:
    import django

    django.setup()
    from certificates.rendering import previews, rasters

    drawn = rasters.drawn(PAGE, "preview.css", width=previews.SIZE[0]).convert("RGB")
    (ROOT / "static" / "img" / "preview.jpg").write_bytes(previews.jpeg(drawn))


main()
