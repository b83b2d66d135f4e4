"""What the citizens have settled and what experts have published stays as it was read.

A frozen question is neither reworded nor renumbered, and none is added; a published answer is not rewritten. Deleting
stays possible, for the day when a whole conference is deleted; no page does it.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION experts_frozen_question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM experts_questionlist
               WHERE conference_id = NEW.conference_id AND frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the questions are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen_question_stays BEFORE INSERT OR UPDATE OF text, explanation, number ON experts_keyquestion
    FOR EACH ROW EXECUTE FUNCTION experts_frozen_question_stays();
CREATE FUNCTION experts_published_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM experts_keyquestion question
               JOIN experts_questionlist list ON list.conference_id = question.conference_id
               WHERE question.id = OLD.question_id AND list.answers_published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the answers are published' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_answer_stays BEFORE UPDATE OF answer, answered_at ON experts_ask
    FOR EACH ROW WHEN (OLD.answer IS DISTINCT FROM NEW.answer OR OLD.answered_at IS DISTINCT FROM NEW.answered_at)
    EXECUTE FUNCTION experts_published_answer_stays();
"""
ALLOW = """
DROP TRIGGER published_answer_stays ON experts_ask;
DROP FUNCTION experts_published_answer_stays();
DROP TRIGGER frozen_question_stays ON experts_keyquestion;
DROP FUNCTION experts_frozen_question_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("experts", "0006_information_file")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
