from datetime import datetime, timezone

import django.db.models.deletion
from django.db import migrations, models

TEXTS = {
    'vi': 'Tôi đồng ý để đơn vị vận hành trang này lưu câu trả lời của tôi: tôi có phải người dân tộc thiểu số hay không. Không hỏi và không lưu là dân tộc nào. '
    'Câu trả lời chỉ dùng để tính một số tổng của tỉnh và của cả nước, cho báo cáo Chương trình OCOP. Tỉnh có dưới 5 người trả lời “Có” hoặc dưới 5 người '
    'trả lời “Không” thì không hiện số. Cán bộ không xem được và không ghi hộ câu trả lời của riêng tôi. Trả lời hay không, việc học và giấy chứng nhận '
    'của tôi không thay đổi. Tôi có thể rút lại sự đồng ý bất cứ lúc nào; khi đó câu trả lời bị xóa ngay.',
    'en': 'I agree that the organisation that runs this site keeps my answer: whether I belong to an ethnic minority or not. Nobody asks or keeps which one. '
    'The answer is only used for one total of the province and of the country, in reports of the OCOP programme. A province with fewer than 5 people who '
    'answered “Yes”, or fewer than 5 who answered “No”, shows no number. Officers cannot see my own answer, and cannot write it for me. Whether I answer '
    'or not, my learning and my certificates do not change. I can withdraw this agreement at any time; then the answer is deleted at once.',
}


def write(apps, schema_editor):
    model = apps.get_model('accounts', 'ConsentText')
    published = {'published_at': datetime(2026, 11, 29, tzinfo=timezone.utc)}
    for language, body in TEXTS.items():
        model.objects.get_or_create(purpose='minority', version=1, language=language, defaults=published | {'body': body})


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0028_linked_identities'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consenttext',
            name='purpose',
            field=models.SlugField(choices=[('learning-record', 'ghi kết quả học'), ('messages', 'nhắn tin nhắc học'), ('help', 'cán bộ giúp học'), ('minority', 'tính tổng số người dân tộc thiểu số')], max_length=40, verbose_name='mục đích'),
        ),
        migrations.CreateModel(
            name='MinorityAnswer',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='minority_answer', serialize=False, to='accounts.person', verbose_name='người')),
                ('is_minority', models.BooleanField(verbose_name='người dân tộc thiểu số')),
            ],
            options={
                'verbose_name': 'câu trả lời về dân tộc',
                'verbose_name_plural': 'câu trả lời về dân tộc',
            },
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
