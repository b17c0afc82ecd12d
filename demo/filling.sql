-- One round of `demo.filling`: the people numbered from `first` to before `last`, with all that belongs to them. What is there stays.
DELETE FROM fill_row;
DELETE FROM fill_enrolment;

-- Four in turn share a subject and a commune: the first heads it, the last of every tenth is an official of the place instead.
WITH RECURSIVE numbers(i) AS (SELECT CAST(%(first)s AS integer) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < %(last)s)
INSERT INTO fill_row (i, token, name_id, place_id, moved_id, is_official, subject_name, subject_search)
SELECT numbers.i, {token}, (numbers.i * 31) %% %(names)s, here.id, there.id, numbers.i %% 10 = 9,
    trade.name || ' ' || (numbers.i / 4), trade.search || ' ' || (numbers.i / 4)
FROM numbers
JOIN fill_commune here ON here.k = ((numbers.i / 4) * 7919) %% %(communes)s
JOIN fill_commune there ON there.k = ((numbers.i / 4) * 7919 + 1) %% %(communes)s
JOIN fill_trade trade ON trade.k = (numbers.i / 4) %% %(trades)s;

INSERT INTO accounts_subject (name, kind, place_id, search, leader, phone, is_confirmed, closed_reason, created_at)
SELECT r.subject_name, 'household', r.place_id, r.subject_search, n.name, '', TRUE, '', %(now)s
FROM fill_row r JOIN fill_name n ON n.k = r.name_id
WHERE r.i %% 4 = 0 AND NOT EXISTS (SELECT 1 FROM accounts_subject s WHERE s.place_id = r.place_id AND s.search = r.subject_search);

-- Of every fifth commune's subject nobody has signed up.
INSERT INTO accounts_subject (name, kind, place_id, search, leader, phone, is_confirmed, closed_reason, created_at)
SELECT r.subject_name || ' ' || r.i, 'group', r.moved_id, r.subject_search || ' ' || r.i, n.name, '', TRUE, '', %(now)s
FROM fill_row r JOIN fill_name n ON n.k = r.name_id
WHERE r.i %% 20 = 0
    AND NOT EXISTS (SELECT 1 FROM accounts_subject s WHERE s.place_id = r.moved_id AND s.search = r.subject_search || ' ' || r.i);

UPDATE fill_row SET subject_id = (
    SELECT s.id FROM accounts_subject s WHERE s.place_id = fill_row.place_id AND s.search = fill_row.subject_search);

INSERT INTO accounts_product (subject_id, name, search, stars, decision, valid_until)
SELECT r.subject_id, r.subject_name, r.subject_search, 3 + r.i %% 3, '', d.ahead
FROM fill_row r JOIN fill_day d ON d.k = (r.i * 37) %% 1000
WHERE r.i %% 4 = 0 AND NOT EXISTS (SELECT 1 FROM accounts_product p WHERE p.subject_id = r.subject_id);

INSERT INTO accounts_person (name, sort_key, search, birth_year, contact_phone, place_id, kind, subject_id, subject_role,
    official_level, has_consented, is_demo, form_token, created_at)
SELECT n.name, n.sort_key, n.search, 1960 + r.i %% 40, '', r.place_id,
    CASE WHEN r.is_official THEN 'official' ELSE 'subject' END, CASE WHEN r.is_official THEN NULL ELSE r.subject_id END,
    CASE WHEN r.is_official THEN '' WHEN r.i %% 4 = 0 THEN 'head' ELSE 'worker' END,
    CASE WHEN r.is_official THEN 'commune' ELSE '' END, TRUE, %(is_demo)s, r.token, %(now)s
FROM fill_row r JOIN fill_name n ON n.k = r.name_id
WHERE NOT EXISTS (SELECT 1 FROM accounts_person p WHERE p.form_token = r.token);

UPDATE fill_row SET person_id = (SELECT p.id FROM accounts_person p WHERE p.form_token = fill_row.token);

INSERT INTO accounts_consent (person_id, text_id, given_at, how)
SELECT r.person_id, t.id, %(now)s, 'paper' FROM fill_row r CROSS JOIN fill_text t
WHERE NOT EXISTS (SELECT 1 FROM accounts_consent c WHERE c.person_id = r.person_id AND c.text_id = t.id);

-- Of twenty in a course one never began, five stopped on the way and fourteen finished. One in fifty was recorded where they lived before.
INSERT INTO fill_enrolment (i, course_id, award_id, title, person_id, place_id, kind, subject_id, days, steps, done)
SELECT r.i, c.id, c.award_id, c.title, r.person_id, CASE WHEN (r.i + c.k) %% 50 = 1 THEN r.moved_id ELSE r.place_id END,
    CASE WHEN r.is_official THEN 'official' ELSE 'subject' END, CASE WHEN r.is_official THEN NULL ELSE r.subject_id END,
    20 + (r.i * 31 + c.k * 97) %% 680, c.steps,
    CASE WHEN (r.i / 10 + r.i * 7 + c.k * 11) %% 20 < 6 THEN c.steps * ((r.i / 10 + r.i * 7 + c.k * 11) %% 20) / 6 ELSE c.steps END
FROM fill_row r CROSS JOIN fill_course c WHERE c.k * %(trainees)s + r.i < %(enrolments)s;

INSERT INTO courses_enrolment (person_id, course_id, place_id, person_kind, subject_id, source, enrolled_at, last_active_at, completed_at)
SELECT e.person_id, e.course_id, e.place_id, e.kind, e.subject_id, 'self', begun.at,
    CASE WHEN e.done = 0 THEN begun.at WHEN e.done < e.steps THEN last.at ELSE ended.at END,
    CASE WHEN e.done = e.steps THEN ended.at ELSE NULL END
FROM fill_enrolment e
JOIN fill_day begun ON begun.k = e.days
JOIN fill_day ended ON ended.k = e.days - 10
JOIN fill_day last ON last.k = (e.i * 13) %% e.days
WHERE NOT EXISTS (SELECT 1 FROM courses_enrolment k WHERE k.person_id = e.person_id AND k.course_id = e.course_id);

UPDATE fill_enrolment SET enrolment_id = (
    SELECT k.id FROM courses_enrolment k WHERE k.person_id = fill_enrolment.person_id AND k.course_id = fill_enrolment.course_id);

INSERT INTO courses_completion (enrolment_id, activity_id, occurred_at, recorded_at, source)
SELECT e.enrolment_id, s.id, d.at, d.at, 'self'
FROM fill_enrolment e JOIN fill_step s ON s.course_id = e.course_id AND s.n < e.done JOIN fill_day d ON d.k = e.days - 10
WHERE NOT EXISTS (SELECT 1 FROM courses_completion c WHERE c.enrolment_id = e.enrolment_id AND c.activity_id = s.id);

INSERT INTO certificates_credential (code, issuer_id, year, sequence, number, person_id, enrolment_id, award_id, design, issued_at,
    told_at, expires_on, evidence, is_specimen, status, status_reason, statement, statement_kid)
SELECT 'Z' || (10000000000 + e.enrolment_id), %(issuer)s, %(year)s, row_number() OVER (ORDER BY e.enrolment_id) + %(given)s,
    CAST(row_number() OVER (ORDER BY e.enrolment_id) + %(given)s AS varchar(20)), e.person_id, e.enrolment_id, e.award_id, 'formal',
    issued.at, issued.at, ends.ahead, {evidence}, TRUE, 'valid', '', '', ''
FROM fill_enrolment e
JOIN accounts_person p ON p.id = e.person_id
JOIN fill_day issued ON issued.k = e.days - 10
JOIN fill_day ends ON ends.k = 100 + (e.i * 17) %% 900
WHERE e.award_id IS NOT NULL AND e.done = e.steps
    AND NOT EXISTS (SELECT 1 FROM certificates_credential k WHERE k.enrolment_id = e.enrolment_id);
