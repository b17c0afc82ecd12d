"""The second wording said that whoever has the code of a certificate sees no year of birth and no place. So it is on the page
that checks a code; the paper itself prints both. The third wording tells the page from the paper.

Whoever agreed to an earlier one is asked again before anything more is recorded; the rows of the ledger stay as they are.
"""

from datetime import datetime, timezone

from django.db import migrations

TEXTS = {
    "vi": "Tôi đồng ý cho đơn vị vận hành trang này lưu họ tên, năm sinh (nếu tôi ghi), số điện thoại, xã hoặc phường nơi tôi ở, "
    "chủ thể và vai trò hoặc cấp công tác, và kết quả học của tôi, để theo dõi việc học và cấp giấy chứng nhận. Người xem được: "
    "cán bộ OCOP và đơn vị tổ chức lớp ở xã, tỉnh nơi tôi ở hoặc nơi tôi ghi danh; cán bộ OCOP ở trung ương; người quản trị hệ "
    "thống. Giấy chứng nhận in họ tên, năm sinh (nếu tôi ghi), chủ thể hoặc cấp công tác, xã và tỉnh nơi tôi ở: tôi đưa giấy hay "
    "gửi ảnh giấy cho ai thì người đó thấy. Ai có mã tra cứu in trên giấy thì mở được trang kiểm tra: thấy họ tên, khóa học và "
    "kết quả; không thấy năm sinh, chủ thể, nơi ở hay số điện thoại. Tôi có thể rút lại sự đồng ý bất cứ lúc nào.",
    "en": "I agree that the organisation that runs this site keeps my name, year of birth (if I give it), phone number, commune, "
    "my business or producer group and my role in it or my level of office, and my learning results, to follow my progress and to "
    "issue certificates. These people can see them: the OCOP officers and the organisers of training in the commune and the "
    "province where I live or enrolled; the OCOP officers at the centre; the administrators of the system. A certificate is "
    "printed with my name, year of birth (if I give it), my business or level of office, and my commune and province: whoever I "
    "give the paper or send its picture to sees them. Whoever has the code on the paper can open the page that checks it, and "
    "sees my name, the course and the result; not the year of birth, the business, the place or the phone number. I can withdraw "
    "this agreement at any time.",
}


def write(apps, schema_editor):
    model = apps.get_model("accounts", "ConsentText")
    published = {"published_at": datetime(2026, 11, 26, tzinfo=timezone.utc)}
    for language, body in TEXTS.items():
        model.objects.get_or_create(
            purpose="learning-record", version=3, language=language, defaults=published | {"body": body}
        )
    apps.get_model("accounts", "Person").objects.update(has_consented=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_roles_of_the_country")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
