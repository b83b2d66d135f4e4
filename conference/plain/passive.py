"""The passive voice by its form: être or be/get, then within three words a past participle.

French leaves out verbs of motion and state, which take être in the active voice (elle est venue), pronominal verbs (il
s’est levé) and participles that have become adjectives (âgé, situé). Without an analysis of grammar some passives are
missed and some descriptions are taken for one: the mark asks, it does not judge.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from conference.plain.frequency import zipf
from conference.plain.listed import listed
from conference.plain.splitting import Word

_REACH = 3  # words between the auxiliary and the participle

# -- French ------------------------------------------------------------------------------------------------------------
_BE_FR = listed(
    "suis es est sommes êtes sont étais était étions étiez étaient serai seras sera serons serez seront serais serait"
    " serions seriez seraient sois soit soyons soyez soient fus fut fûmes furent fût être étant été"
)
_HAVE_FR = listed("ai as a avons avez ont avais avait avaient aura auront aurait auraient ait aient ayant avoir")
_REFLEXIVE = listed("se s me m te t nous vous")
_NOUN_BEFORE_BE = listed("l d cet un le les des chaque dernier")  # l’été, cet été, l’être
_MOTION_FR = listed(
    "allé venu arrivé parti né mort resté tombé monté descendu entré sorti retourné devenu revenu parvenu intervenu"
    " survenu advenu provenu décédé rentré passé reparti remonté retombé redevenu éclos convenu disparu apparu accouru"
    " âgé situé désolé fatigué passionné motivé censé inquiété sensé opposé obligé doué aisé privé varié limité élevé"
    " compliqué avancé développé éloigné isolé spécialisé privilégié dédié"
)
_IRREGULAR_FR = listed(
    "fait dit écrit mis pris vu connu reçu rendu produit construit conduit détruit traduit inscrit décrit prescrit"
    " interdit permis soumis transmis promis appris compris repris entrepris surpris acquis requis ouvert offert couvert"
    " découvert peint atteint éteint contraint restreint rejoint élu lu bu cru perdu vendu défendu entendu attendu étendu"
    " répandu suspendu battu combattu vaincu conçu perçu aperçu déçu prévu pourvu résolu exclu inclus conclu retenu"
    " obtenu maintenu soutenu contenu détenu entretenu tenu revêtu fini choisi rempli établi défini réuni réparti garanti"
    " fourni suivi servi puni averti converti investi bâti saisi subi trahi nourri enfoui élargi réduit introduit cuit"
    " instruit déduit commis admis omis remis émis démis poursuivi accueilli recueilli affaibli agrandi aplani approfondi"
    " assujetti blanchi démoli durci éclairci enrichi envahi guéri infléchi ralenti rétabli franchi assorti régi épris"
    " cueilli vêtu mû reconnu méconnu abattu débattu rompu interrompu corrompu mordu fendu pendu tendu dissous absous"
    " circonscrit souscrit proscrit transcrit séduit reproduit reconduit craint plaint joint disjoint teint feint"
    " empreint enduit satisfait défait refait extrait distrait soustrait"
)
_WITHIN_FR = re.compile(r"(?:pas|plus|jamais|guère|point|donc|ainsi|aussi|alors|déjà|encore|toujours|souvent|parfois|bien|mal|tous"
                        r"|toutes|tout|eux|elles|même|mêmes|été|ensuite|puis|très|trop|peu|ici|là|désormais|enfin|rarement|y|en|à|nouveau|[^\W\d_]+ment)")  # fmt: skip

# -- English -----------------------------------------------------------------------------------------------------------
_BE_EN = listed(
    "am is are was were be been being get gets got gotten getting isn't aren't wasn't weren't i'm you're we're they're"
    " he's she's it's"
)
_HAVE_EN = listed("have has had having")
_ADJECTIVES_EN = listed(
    "interested tired married excited worried concerned pleased supposed advanced limited sacred naked detailed ashamed"
    " scared bored aged wicked gifted talented inclined unlimited complicated sophisticated dedicated committed need"
    " indeed red hundred speed feed seed breed bed shed embed succeed proceed exceed weed bleed"
)
_IRREGULAR_EN = listed(
    "made done given taken written known seen shown held kept found told said sent built brought bought taught caught"
    " thought sold paid laid led left lost met put set cut read heard felt won spent meant understood chosen broken spoken"
    " stolen driven drawn grown thrown worn torn sworn born beaten eaten fallen forgiven forbidden hidden ridden shaken"
    " woken frozen begun sung sunk drunk rung run become struck stuck hung dug spread shut hit hurt cost cast split bound"
    " wound ground fed bred fought sought dealt lent bent swept slept burnt learnt overseen undertaken withdrawn withheld"
    " rewritten overcome proven stored sown"
)
_WITHIN_EN = re.compile(r"(?:not|also|often|never|always|still|already|now|then|only|just|even|ever|being|been|both|all|well|further|first|soon|[a-z]+ly)")  # fmt: skip


def passives(words: Sequence[Word], language: str) -> Iterator[tuple[int, int]]:
    """The places of passive verbs in one sentence, in order and apart from each other."""
    is_be, is_participle, within = (
        (_is_be_fr, _is_participle_fr, _WITHIN_FR) if language == "fr" else (_is_be_en, _is_participle_en, _WITHIN_EN)
    )
    position = 0
    while position < len(words):
        found = _after(words, position, is_participle, within) if is_be(words, position) else None
        if found is None:
            position += 1
        else:
            yield words[_first(words, position, language)].start, words[found].end
            position = found + 1


def _first(words: Sequence[Word], position: int, language: str) -> int:
    """Where the verb begins: "a été saisie", "have been told"."""
    before = re.split(r"['’]", _word_before(words, position))[-1]
    joined = words[position].text.lower() in {"été", "been"}
    return position - 1 if joined and before in (_HAVE_FR if language == "fr" else _HAVE_EN) else position


def _after(
    words: Sequence[Word], position: int, is_participle: Callable[[str], bool], within: re.Pattern[str]
) -> int | None:
    for at in range(position + 1, min(position + 2 + _REACH, len(words))):
        word = words[at].text.lower()
        if is_participle(word):
            return at
        if not within.fullmatch(word):
            return None
    return None


def _is_be_fr(words: Sequence[Word], position: int) -> bool:
    pieces = re.split(r"['’]", words[position].text.lower())
    verb = pieces[-1].split("-")[0]
    if verb not in _BE_FR:
        return False
    before = pieces[-2] if len(pieces) > 1 else _word_before(words, position)
    if before in _REFLEXIVE - {"nous", "vous"}:
        return False
    if before in {"nous", "vous"}:  # "nous nous sommes réunis" is pronominal, "nous sommes élus" is not
        return _word_before(words, position - 1) != before
    return not (verb in {"été", "être", "est"} and before in _NOUN_BEFORE_BE)


def _word_before(words: Sequence[Word], position: int) -> str:
    return words[position - 1].text.lower() if position > 0 else ""


def _is_participle_fr(word: str) -> bool:
    base = re.sub(r"(?<=[éiust])(?:e|s|es)$", "", word)
    if base in _MOTION_FR or base in _BE_FR:
        return False
    if base in _IRREGULAR_FR or word in _IRREGULAR_FR:
        return True
    return base.endswith("é") and len(base) > 3 and zipf(f"{base[:-1]}er", "fr") >= 2


def _is_be_en(words: Sequence[Word], position: int) -> bool:
    return words[position].text.lower().replace("’", "'") in _BE_EN


def _is_participle_en(word: str) -> bool:
    if word in _ADJECTIVES_EN:
        return False
    return word in _IRREGULAR_EN or (word.endswith("ed") and len(word) > 3)
