-- People of one number range spread over today's communes, each in every course that the benchmark made.
WITH RECURSIVE numbers(i) AS (SELECT %(first)s + 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %(last)s),
communes AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS n FROM provinces_place WHERE level = 'commune' AND valid_to IS NULL)
INSERT INTO accounts_person (name, sort_key, search, contact_phone, place_id, kind, subject_role, official_level, has_consented, is_demo, created_at)
SELECT 'Học viên ' || i, 'hoc vien ' || i, 'hoc vien ' || i, '', communes.id, 'subject', '', '', TRUE, FALSE, %(now)s
FROM numbers JOIN communes ON communes.k = (i * 7919) %% communes.n;

INSERT INTO courses_enrolment (person_id, course_id, place_id, person_kind, source, enrolled_at, last_active_at, completed_at)
SELECT p.id, c.id, p.place_id, 'subject', 'self', %(old)s,
    CASE WHEN (p.id + c.id) %% 3 = 0 THEN %(now)s ELSE %(old)s END,
    CASE WHEN (p.id + c.id) %% 2 = 0 THEN %(now)s ELSE NULL END
FROM accounts_person p CROSS JOIN courses_course c
WHERE c.title LIKE 'Đo%%' AND p.search LIKE 'hoc vien %%' AND NOT EXISTS (SELECT 1 FROM courses_enrolment e WHERE e.person_id = p.id);

INSERT INTO certificates_credential (code, issuer_id, year, sequence, number, person_id, enrolment_id, award_id, design, issued_at, evidence, is_specimen, status, status_reason, statement, statement_kid)
SELECT 'Z' || e.id, %(issuer)s, 2026, e.id, CAST(e.id AS varchar(20)), e.person_id, e.id, a.id, a.design, %(now)s, %(empty)s, FALSE, 'valid', '', '', ''
FROM courses_enrolment e JOIN certificates_award a ON a.course_id = e.course_id
WHERE a.issuer_id = %(issuer)s AND e.completed_at IS NOT NULL AND e.id %% 5 < 2
    AND NOT EXISTS (SELECT 1 FROM certificates_credential k WHERE k.enrolment_id = e.id);
