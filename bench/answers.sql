-- Every attempt of the benchmark's quiz whose turn it is gave one and the same answer to one question.
INSERT INTO quizzes_item (attempt_id, position, version_id, marks, "order", answer, revision, score, points, comment, counts, section)
SELECT a.id, %(position)s, %(version)s, 1, %(order)s, %(answer)s, 1, %(score)s, %(points)s, '', '', ''
FROM quizzes_attempt a JOIN courses_enrolment e ON e.id = a.enrolment_id JOIN accounts_person p ON p.id = e.person_id
WHERE a.quiz_id = %(quiz)s AND p.form_token IS NOT NULL AND (a.id * 31 + a.id / 7 * %(position)s) %% %(turns)s = %(turn)s
