"""What holds of every figure: all of it lies inside the scene and no text covers another."""

from dossier.compose.scene import Label, Line, Scene
from dossier.fonts import missing_glyphs, text_width

SMALLEST_TEXT = 7.0


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a label; capitals are 0.72 of the size tall."""
    width = text_width(label.text, label.size, "bold" if label.bold else "regular")
    before = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    tall = 0.72 * label.size
    if label.rotation:  # a quarter turn: the text runs upward
        return label.x - tall, label.y + before - width, label.x, label.y + before
    return label.x - before, label.y - tall, label.x - before + width, label.y


def check(scene: Scene) -> None:
    """Everything inside, text large enough, nothing covered, an alternative text."""
    assert scene.width <= 470
    assert scene.alt
    boxes = []
    for shape in scene.shapes:
        if isinstance(shape, Label):
            assert shape.size >= SMALLEST_TEXT
            assert not missing_glyphs(shape.text)
            boxes.append((shape.text, box(shape)))
        else:
            reach = shape.width / 2 if shape.color else 0.0
            for x, y in shape.points:
                assert reach - 0.01 <= x <= scene.width - reach + 0.01, shape
                assert reach - 0.01 <= y <= scene.height - reach + 0.01, shape
    for text, (left, top, right, bottom) in boxes:
        assert left >= -0.01, text
        assert right <= scene.width + 0.01, text
        assert top >= -0.01, text
        assert bottom <= scene.height + 0.01, text
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (one, other)
    assert all(len(row) == len(scene.data_columns) for row in scene.data_rows)


def texts(scene: Scene) -> list[str]:
    """Every text in a scene."""
    return [shape.text for shape in scene.shapes if isinstance(shape, Label)]


def lines(scene: Scene) -> list[Line]:
    """Every line in a scene."""
    return [shape for shape in scene.shapes if isinstance(shape, Line)]
