"""What is answered, field by field."""

from rest_framework import serializers

from accounts.models import Product, Subject, SubjectKind
from courses.models import Course
from provinces.models import Place


class PlaceAnswer(serializers.ModelSerializer[Place]):
    """A unit of today. `code` is the official one, of the province where it has two digits."""

    full_name = serializers.CharField(help_text="With its province: “xã Phan Ngọc Hiển, tỉnh Cà Mau”")
    province = serializers.CharField(
        source="parent.code", default=None, help_text="Code of its province; none of a province"
    )

    class Meta:
        model = Place
        fields = ["code", "level", "name", "full_name", "province", "valid_from"]


class CourseAnswer(serializers.ModelSerializer[Course]):
    id = serializers.UUIDField(source="translation_key")
    topic = serializers.CharField(source="topic.name")
    topic_slug = serializers.CharField(source="topic.slug", help_text="By which figures are asked for")
    is_offered = serializers.SerializerMethodField(help_text="Whether it can be begun today")

    class Meta:
        model = Course
        fields = ["id", "title", "topic", "topic_slug", "is_offered"]

    def get_is_offered(self, course: Course) -> bool:
        return course.retired_at is None


class FiguresAnswer(serializers.Serializer[object]):
    """Counts of enrolments, except `persons`, which counts each person once."""

    persons = serializers.IntegerField()
    enrolled = serializers.IntegerField()
    active = serializers.IntegerField(help_text="Learnt in the last 30 days")
    completed = serializers.IntegerField()
    certified = serializers.IntegerField(help_text="With a certificate that is valid")
    completion_percent = serializers.IntegerField(help_text="Completed of enrolled, rounded down")


class OfPlaceAnswer(serializers.Serializer[object]):
    place = serializers.CharField(source="place.code")
    name = serializers.CharField(source="label")
    figures = FiguresAnswer()


class OfCourseAnswer(serializers.Serializer[object]):
    course = serializers.UUIDField(source="course.translation_key")
    name = serializers.CharField(source="label")
    figures = FiguresAnswer()


class BoardAnswer(serializers.Serializer[object]):
    """The board of a place: what its page shows at the same moment."""

    name = serializers.CharField()
    counted_at = serializers.DateTimeField()
    total = FiguresAnswer()
    places = OfPlaceAnswer(many=True, help_text="One level down; units in which nobody is enrolled are left out")
    courses = OfCourseAnswer(many=True)


class ProductAnswer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ["name", "stars", "decision", "valid_until"]


class SubjectAnswer(serializers.ModelSerializer[Subject]):
    """A subject without its people: neither trainees nor officials, and no number of anybody. Whoever has no name for a household is told to
    write down that of its head: what trainees typed and nobody confirmed stays here."""

    name = serializers.SerializerMethodField(
        help_text="Empty for a household that no official has confirmed: it may be the name of a person"
    )
    place = serializers.CharField(source="place.code")
    is_open = serializers.SerializerMethodField(help_text="Whether it still works")
    products = ProductAnswer(many=True)

    class Meta:
        model = Subject
        fields = ["id", "name", "kind", "place", "is_confirmed", "is_open", "products"]

    def get_name(self, subject: Subject) -> str:
        return subject.name if subject.is_confirmed or subject.kind != SubjectKind.HOUSEHOLD else ""

    def get_is_open(self, subject: Subject) -> bool:
        return subject.closed_at is None
