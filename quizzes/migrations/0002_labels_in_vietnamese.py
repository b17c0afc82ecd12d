

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0003_activity_without_required_since'),
        ('quizzes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='item',
            options={'ordering': ['attempt', 'position'], 'verbose_name': 'câu trong lượt làm', 'verbose_name_plural': 'câu trong lượt làm'},
        ),
        migrations.AlterModelOptions(
            name='questionversion',
            options={'ordering': ['question', '-number'], 'verbose_name': 'phiên bản câu hỏi', 'verbose_name_plural': 'phiên bản câu hỏi'},
        ),
        migrations.AlterModelOptions(
            name='slot',
            options={'ordering': ['quiz', 'position'], 'verbose_name': 'dòng câu hỏi', 'verbose_name_plural': 'dòng câu hỏi'},
        ),
        migrations.AlterModelOptions(
            name='versiontranslation',
            options={'verbose_name': 'bản dịch câu hỏi', 'verbose_name_plural': 'bản dịch câu hỏi'},
        ),
        migrations.AlterField(
            model_name='attempt',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='courses.enrolment', verbose_name='lượt ghi danh'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='language',
            field=models.CharField(default='vi', max_length=8, verbose_name='ngôn ngữ'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='quiz',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.quiz', verbose_name='bài kiểm tra'),
        ),
        migrations.AlterField(
            model_name='item',
            name='answer',
            field=models.JSONField(blank=True, null=True, verbose_name='câu trả lời'),
        ),
        migrations.AlterField(
            model_name='item',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='quizzes.attempt', verbose_name='lượt làm'),
        ),
        migrations.AlterField(
            model_name='item',
            name='marks',
            field=models.DecimalField(decimal_places=2, max_digits=6, verbose_name='điểm của câu'),
        ),
        migrations.AlterField(
            model_name='item',
            name='order',
            field=models.JSONField(default=list, help_text='ids of the choices in the order shown', verbose_name='thứ tự phương án'),
        ),
        migrations.AlterField(
            model_name='item',
            name='position',
            field=models.PositiveSmallIntegerField(verbose_name='thứ tự'),
        ),
        migrations.AlterField(
            model_name='item',
            name='revision',
            field=models.PositiveIntegerField(default=0, verbose_name='số lần lưu'),
        ),
        migrations.AlterField(
            model_name='item',
            name='saved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='lưu lúc'),
        ),
        migrations.AlterField(
            model_name='item',
            name='score',
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=9, null=True, verbose_name='điểm'),
        ),
        migrations.AlterField(
            model_name='item',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='quizzes.questionversion', verbose_name='phiên bản câu hỏi'),
        ),
        migrations.AlterField(
            model_name='question',
            name='difficulty',
            field=models.PositiveSmallIntegerField(choices=[(1, '1 – dễ'), (2, '2 – vừa'), (3, '3 – khó')], default=1, verbose_name='độ khó'),
        ),
        migrations.AlterField(
            model_name='question',
            name='search',
            field=models.TextField(blank=True, editable=False, verbose_name='chữ để tìm'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='created_at',
            field=models.DateTimeField(verbose_name='viết lúc'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='data',
            field=models.JSONField(default=dict, verbose_name='phương án và đáp án'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='kind',
            field=models.SlugField(max_length=20, verbose_name='dạng'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='quizzes.question', verbose_name='câu hỏi'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='stem',
            field=models.TextField(verbose_name='câu chữ'),
        ),
        migrations.AlterField(
            model_name='slot',
            name='difficulty',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 – dễ'), (2, '2 – vừa'), (3, '3 – khó')], null=True, verbose_name='chỉ lấy độ khó'),
        ),
        migrations.AlterField(
            model_name='slot',
            name='quiz',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='quizzes.quiz', verbose_name='bài kiểm tra'),
        ),
        migrations.AlterField(
            model_name='versiontranslation',
            name='explanation',
            field=models.TextField(blank=True, verbose_name='giải thích'),
        ),
        migrations.AlterField(
            model_name='versiontranslation',
            name='language',
            field=models.CharField(max_length=8, verbose_name='ngôn ngữ'),
        ),
        migrations.AlterField(
            model_name='versiontranslation',
            name='stem',
            field=models.TextField(verbose_name='câu chữ'),
        ),
        migrations.AlterField(
            model_name='versiontranslation',
            name='texts',
            field=models.JSONField(default=dict, help_text='{choice id: {text, feedback}}', verbose_name='phương án'),
        ),
        migrations.AlterField(
            model_name='versiontranslation',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='quizzes.questionversion', verbose_name='phiên bản'),
        ),
    ]
