"""The visit code: two words and three digits that lead a nurse to a patient's sheet.

It is derived from the attempt's secret with a server key, so the patient's device can show it at any time while the
database holds only an HMAC of it.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Spaces, hyphens, and the dashes that phones turn them into.
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.,/]+")


@dataclass(frozen=True)
class CodeKeys:
    """The server's keys, the current one first; the others are former ones that still work."""

    keys: tuple[bytes, ...]

    def code(self, secret: bytes, stored_hmac: bytes) -> str:
        """Return the code of a stored attempt, made with any of the keys. Raises LookupError if with none."""
        for key in self.keys:
            code = derive(key, secret)
            if hmac.compare_digest(code_hmac(key, code), stored_hmac):
                return code
        raise LookupError("no key gives this attempt's code")

    def new(self, secret: bytes) -> tuple[str, bytes]:
        """Return a new attempt's code and the HMAC to store."""
        code = derive(self.keys[0], secret)
        return code, code_hmac(self.keys[0], code)

    def candidates(self, typed: str) -> Iterable[bytes]:
        """Return the HMACs that a typed code may be stored under; empty if it cannot be a code."""
        code = normalise(typed)
        return tuple(code_hmac(key, code) for key in self.keys) if code else ()


def keys_from(secret_keys: Iterable[str]) -> CodeKeys:
    """Derive the keys for visit codes, so that they differ from those that sign cookies."""
    return CodeKeys(tuple(hashlib.sha256(b"visit-code:" + key.encode()).digest() for key in secret_keys))


def derive(key: bytes, secret: bytes) -> str:
    """Return "amber-kettle-407": two words of 256 and three digits, 65,536,000 codes in all. Stored in English."""
    digest = hmac.digest(key, b"derive:" + secret, "sha256")
    number = int.from_bytes(digest[2:6], "big") % 1000
    return f"{WORDS['en'][digest[0]]}-{WORDS['en'][digest[1]]}-{number:03d}"


def in_language(code: str, language: str) -> str:
    """Return a code with the words of a language; as it is if there are none. Either form leads to the sheet."""
    first, second, digits = code.split("-")
    words = WORDS.get(language, WORDS["en"])
    return f"{words[WORDS['en'].index(first)]}-{words[WORDS['en'].index(second)]}-{digits}"


def code_hmac(key: bytes, code: str) -> bytes:
    return hmac.digest(key, b"store:" + code.encode(), "sha256")


def secret_hash(secret: bytes) -> bytes:
    """Return what the database keeps of a secret. It has 128 random bits or more, so a plain hash is enough."""
    return hashlib.sha256(secret).digest()


def normalise(typed: str) -> str | None:
    """Return a typed code in the form of `derive`, whatever its language, case and separators; None if it is no code.

    No two words joined together can be read as two others, so the separators may be missing.
    """
    folded = unicodedata.normalize("NFKC", typed[:200]).casefold()
    match = re.fullmatch(r"([a-z]+)([0-9]{3})", SEPARATORS.sub("", folded))
    if match is None:
        return None
    letters, digits = match.groups()
    for words in WORDS.values():
        for first, word in enumerate(words):
            if letters.startswith(word) and letters.removeprefix(word) in words:
                return f"{WORDS['en'][first]}-{WORDS['en'][words.index(letters.removeprefix(word))]}-{digits}"
    return None


def unknown_word(typed: str) -> int | None:
    """Return which word of a typed code (1 or 2) is in no code; None if both are, or the words are not apart."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed[:200]).casefold())
    if len(words) != 2:
        return None
    known = set().union(*WORDS.values())
    return next((place for place, word in enumerate(words, start=1) if word not in known), None)


# Short, concrete, easy to say, hear and spell, and no two a letter apart, in all languages together. Their order must
# not change: stored codes depend on it.
WORDS = {
    language: tuple(words.split())
    for language, words in {
        "en": """
        acorn amber anchor apple april apron arrow aspen autumn badge bagel baker bamboo banana banjo barley barn basil
        basket beach beacon bell bison berry bicycle birch biscuit blanket blossom blue boat bonnet book bottle boulder
        branch bread breeze bridge bright broom brown brush bubble bucket butter button cabin cable cactus camel candle
        canoe canvas carpet carrot castle cedar chalk cheese cherry chestnut circle citrus clay clock cloud clover coast
        cocoa coffee comet copper coral corner cotton cousin cricket crystal cup curtain daisy dance dawn deer desert
        desk diamond dinner dolphin donkey door dove dragon drum eagle early earth east echo elbow elm emerald engine
        evening falcon family feather fern fiddle field finch fire flag flower flute forest fruit fox friend frost
        garden garlic gentle giant ginger glacier globe gold goose grain grape grass green guitar hammer happy harbor
        harvest hat hazel heron hedge helmet hill honey horse hotel iris island ivory ivy jacket jam jasmine jelly jewel
        jigsaw juniper kayak kettle kitchen kite kitten koala ladder lake lamp lantern lark lavender leaf lemon letter
        lilac lily linen lion lobster lotus lucky lunch magnet mango maple marble market meadow melon metal mirror mint
        moon morning moss mountain mouse music napkin nectar needle nest north nutmeg oak oasis ocean olive onion orange
        orchard otter owl oyster padlock paint palace panda paper parsley pasta peacock pearl pebble pelican pencil
        penguin pepper piano picnic pigeon pillow pine planet plum pocket pond poppy potato pumpkin puzzle quilt rabbit
        radio rainbow raven ribbon river robin rooster rose saddle sailor salad silver window
        """,
        "es": """
        abanico abeja abrigo aceituna aguja alcachofa alfombra almendra almohada altavoz amapola amarillo ancla anillo
        antena arena armario arroyo baile ballena balsa bandeja barrio bellota bigote bizcocho bolsillo bosque botella
        brisa burbuja caballo cacao calabaza camello camino campana canasta candado canela canguro caracol caramelo
        carta cascada castillo cebolla cebra cedro cepillo cereza cesta cielo ciervo ciruela cisne ciudad cobre cocina
        cohete collar colmena comedor conejo copa cordero corona cortina cosecha crema cuaderno cuadro cuchara cuento
        cuerda cueva danza desierto diamante dibujo domingo dulce eclipse elefante enero ensalada escalera escoba escudo
        esfera esmeralda espejo espuma estatua estrella estuche falda farol fiesta flamenco flauta flecha florero fresa
        fruta fuente galleta gallina ganso garaje garza gaviota geranio girasol gorra granada granero granja grillo
        guante guitarra hamaca helado herradura hierba hoja horizonte hormiga horno huerto jirafa joya juguete ladrillo
        lagarto laguna lana laurel lavanda lechuga lenteja leopardo libreta liebre linterna lirio llave lluvia loro
        lucero lunes madera magia mandarina mantel manzana marea margarita marinero mariposa marmol martillo mayo
        medalla meseta mensaje menta mercado merienda mesa miel mochila molino moneda motor mueble naranja nevada nevera
        nido noche novela nube nuez onda orquesta oveja pala palacio paloma pampa pantalla pantera paraguas pared parque
        pasillo pastel pato pera perejil pescado piedra pincel pintura pipa pizarra playa pollo pradera primavera puerta
        pulpo puma queso radar raqueta regalo regla reloj roble romero rosal rueda selva semilla sendero silla sombra
        sombrero suelo tambor taza teatro tesoro tijera tomate torre tortuga tren trigo trineo trompeta vainilla valle
        vaso velero ventana verano viento violeta yegua yogur zanahoria zapato zorro
        """,
    }.items()
}
