"""What the model drew and wrote, in the answer or as the answer."""

from __future__ import annotations

import base64

from harness import ServerTest, post_image

JPEG_START, PNG_START = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


class Pictures(ServerTest):
    def test_the_picture_the_model_drew_is_in_the_answer(self) -> None:
        for oddity, kind, start in (("jpeg_image", "image/jpeg", JPEG_START), ("png_image", "image/png", PNG_START)):
            self.fake.script([{"oddity": oddity}])
            picture = self.exchange(post_image()).json()["annotated_image"]
            self.assertEqual(picture["mime_type"], kind)
            data = base64.b64decode(picture["data"], validate=True)
            self.assertTrue(data.startswith(start))
            self.assertEqual(picture["bytes"], len(data))

    def test_accept_image_answers_the_picture_itself_with_its_true_type(self) -> None:
        cases = [
            ("image/png", "png_image", "image/png", PNG_START),
            ("image/png", "jpeg_image", "image/jpeg", JPEG_START),
            ("image/jpeg", "png_as_jpeg", "image/png", PNG_START),
            ("image/*", "jpeg_image", "image/jpeg", JPEG_START),
            ("image/avif,image/webp,image/png,*/*;q=0.8", "png_image", "image/png", PNG_START),
        ]
        for accept, oddity, kind, start in cases:
            with self.subTest(accept=accept, oddity=oddity):
                self.fake.script([{"oddity": oddity}])
                response = self.exchange(post_image(headers={"Accept": accept}))
                self.assertEqual(response.status, 200)
                self.assertEqual(response.header("Content-Type"), kind)
                self.assertTrue(response.body.startswith(start))
                self.assertRegex(response.header("X-Request-ID") or "", r"^chart_\d+$")
        modalities = self.fake.requests()[0]["body"]["generationConfig"]["responseModalities"]
        self.assertIn("IMAGE", modalities)

    def test_where_the_model_drew_nothing_there_is_the_json(self) -> None:
        self.fake.script([{"oddity": "text_only"}, {"oddity": "text_only"}])
        response = self.exchange(post_image(headers={"Accept": "image/png"}))
        self.assertEqual((response.status, response.header("Content-Type")), (200, "application/json"))
        self.assertIsNone(response.json()["annotated_image"])
        self.assertIsNone(self.exchange(post_image()).json()["annotated_image"])

    def test_everything_else_gets_json(self) -> None:
        accepted = ("*/*", "application/json", "text/html,*/*;q=0.8", "image/png;q=0.1,application/json", "", "?")
        for accept in accepted:
            response = self.exchange(post_image(headers={"Accept": accept}))
            self.assertEqual(response.header("Content-Type"), "application/json", accept)

    def test_thoughts_are_not_part_of_the_answer(self) -> None:
        self.fake.script([{"oddity": "thought_parts"}, {"oddity": "thought_images"}])
        answer = self.exchange(post_image()).json()
        self.assertEqual(answer["analysis"]["structured"]["chart_type"], "line")
        self.assertNotIn("Looking", answer["analysis"]["text"])
        picture = self.exchange(post_image()).json()["annotated_image"]
        self.assertEqual(picture["mime_type"], "image/jpeg")

    def test_json_in_fences_and_prose_is_found_and_plain_text_stays_text(self) -> None:
        self.fake.script([{"oddity": "fenced_json"}, {"oddity": "prose_json"}, {"text": "The line rises."}])
        for _ in range(2):
            self.assertEqual(self.exchange(post_image()).json()["analysis"]["structured"]["trend"], "up")
        analysis = self.exchange(post_image()).json()["analysis"]
        self.assertEqual(analysis["text"], "The line rises.")
        self.assertIsNone(analysis["structured"])

    def test_odd_text_of_the_model_makes_valid_json(self) -> None:
        text = 'quote " backslash \\ \u0000 \u2028 😀 </script>'
        self.fake.script([{"text": text}])
        response = self.exchange(post_image())
        self.assertEqual(response.status, 200)
        self.assertIn('quote " backslash \\', response.json()["analysis"]["text"])
        self.assertIn("😀", response.body.decode("utf-8"))
