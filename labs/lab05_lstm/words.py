"""The words of lab 5: nouns by what they name, adjectives by what they fit, verbs with their forms.

Nouns and adjectives bring their other forms by rule; a plural that the rules do not give stands behind
a bar (``joven|jóvenes``), and a bar alone says that there is no plural (``arroz|``).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ADJECTIVES", "DETERMINERS", "FORMS", "INVARIABLE", "MEASURES", "NOUNS", "TONIC"]
__all__ += ["BEFORE", "DISTANT", "EITHER", "OWNED", "UNCOUNTED", "Noun", "inflected", "plural"]

_MEN = (
    "niño maestro médico abuelo vecino hermano amigo alumno pintor panadero jardinero cocinero "
    "campesino primo tío hijo carpintero joven|jóvenes enfermo viejo cura alcalde estudiante"
)
_WOMEN = (
    "niña maestra médica abuela vecina hermana amiga alumna pintora panadera jardinera cocinera "
    "campesina prima tía hija carpintera joven|jóvenes enferma vieja alcaldesa estudiante"
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOUNS = {
    "persona": (_MEN, _WOMEN),
    "clero": ("cura alcalde juez", "alcaldesa jueza"),
    "dueño": ("amo dueño", "dueña"),
    "animal": ("perro gato caballo burro conejo ratón lobo zorro", "vaca oveja gallina cabra llama"),
    "ave": ("pájaro pato", "paloma águila gaviota"),
    "nadador": ("pez pato perro", ""),
    "comida": ("tomate huevo pastel dulce helado melocotón", "manzana naranja pera patata galleta"),
    "postre": ("tomate pastel melocotón", "manzana naranja pera patata"),
    "masa": (
        "pan| queso| arroz| pescado| pollo| chocolate|",
        "sopa| carne| ensalada| fruta| miel|",
    ),
    "guiso": ("arroz| pescado| pollo|", "sopa| carne|"),
    "bebida": ("vino| café| té| zumo|", "agua| leche| cerveza| limonada|"),
    "lugar": (
        "mercado parque bosque jardín pueblo hospital teatro museo huerto",
        "casa escuela plaza iglesia playa calle ciudad estación tienda cocina biblioteca",
    ),
    "paraje": (
        "camino río puente bosque parque pueblo lago",
        "montaña playa sierra plaza calle ciudad",
    ),
    "destino": ("pueblo mercado lago", "ciudad playa sierra montaña"),
    "interior": ("hospital teatro museo", "casa escuela iglesia tienda cocina biblioteca"),
    "comercio": ("mercado pueblo", "tienda ciudad"),
    "vía": ("puente pueblo", "calle plaza estación"),
    "fuera": ("jardín parque", "calle plaza"),
    "finca": ("jardín huerto", "casa tienda"),
    "agua": ("río lago mar", "piscina"),
    "altura": ("monte| tejado árbol", "montaña sierra torre"),
    "objeto": (
        "libro reloj espejo cuaderno lápiz paquete cuadro sobre regalo dibujo anillo",
        "caja llave lámpara mochila pelota cámara cuchara maleta",
    ),
    "mueble": ("banco armario sofá estante", "mesa silla cama escalera"),
    "recipiente": ("vaso plato cubo", "botella caja taza"),
    "copa": ("vaso", "botella taza"),
    "prenda": ("abrigo", "manta bufanda chaqueta"),
    "ropa": ("sombrero zapato abrigo vestido traje guante", "camisa falda bufanda chaqueta"),
    "material": ("ante| cuero| algodón|", "lana| seda|"),
    "vehículo": ("coche tren barco autobús camión taxi", "bicicleta moto"),
    "transporte": ("coche tren autobús camión taxi", "moto"),
    "llegada": ("tren autobús barco avión vuelo", ""),
    "instrumento": ("piano violín bajo tambor", "guitarra flauta arpa trompeta"),
    "texto": ("cuento poema periódico", "novela carta noticia historia"),
    "relato": ("cuento secreto sueño", "historia noticia"),
    "planta": ("árbol rosal", "flor rosa planta violeta"),
    "actividad": ("baile| canto| trabajo| juego| teatro|", "música| pesca| lectura| nieve|"),
    "comedor": ("desayuno almuerzo", "cena"),
    "rumbo": ("este| oeste| norte| sur|", ""),
}

_ADJECTIVES = {
    "persona clero dueño": ("alto bajo viejo joven alegre triste amable famoso cansado enfermo fuerte"),
    "animal ave nadador": "pequeño grande blanco negro rápido fuerte viejo hambriento",
    "comida postre": "dulce rico fresco",
    "masa": "rico fresco",
    "bebida": "frío caliente dulce fresco helado",
    "lugar interior comercio": "tranquilo antiguo hermoso pequeño grande lejano oscuro",
    "paraje destino fuera vía": "tranquilo hermoso pequeño grande lejano",
    "agua": "frío tranquilo claro",
    "altura": "alto lejano",
    "objeto": "nuevo viejo rojo blanco negro verde azul pequeño caro barato limpio roto naranja rosa",
    "mueble": "nuevo viejo pequeño grande bajo limpio blanco alto",
    "recipiente copa": "lleno limpio pequeño grande nuevo azul seco",
    "ropa prenda": (
        "rojo blanco negro verde azul limpio seco nuevo largo corto claro naranja rosa violeta"
    ),
    "vehículo llegada transporte": "rápido lento nuevo",
    "instrumento": "nuevo viejo caro hermoso",
    "texto relato": "largo corto hermoso triste antiguo alegre",
    "planta": "verde alto seco hermoso pequeño",
}

DETERMINERS = {
    "el": ("el", "la", "los", "las"),
    "un": ("un", "una", "unos", "unas"),
    "este": ("este", "esta", "estos", "estas"),
    "aquel": ("aquel", "aquella", "aquellos", "aquellas"),
    "otro": ("otro", "otra", "otros", "otras"),
    "mi": ("mi", "mi", "mis", "mis"),
    "tu": ("tu", "tu", "tus", "tus"),
    "su": ("su", "su", "sus", "sus"),
    "nuestro": ("nuestro", "nuestra", "nuestros", "nuestras"),
    "mucho": ("mucho", "mucha", "muchos", "muchas"),
    "poco": ("poco", "poca", "pocos", "pocas"),
    "bastante": ("bastante", "bastante", "", ""),
    "algún": ("", "", "algunos", "algunas"),
    "dos": ("", "", "dos", "dos"),
    "tres": ("", "", "tres", "tres"),
    "": ("", "", "", ""),
}
"""Masculine and feminine, singular and plural."""

BEFORE = _set("viejo joven famoso pequeño hermoso antiguo nuevo amable alegre")
"""Adjectives that may stand before their noun as well."""

EITHER = _set("joven enfermo enferma viejo vieja dulce helado naranja rosa violeta estudiante")
"""Nouns with which one could not tell which of the two is the adjective."""

TONIC = frozenset({"agua", "águila", "arpa"})
"""Feminine nouns that begin with a stressed a: el agua, un arpa, and yet esta agua fría."""

UNCOUNTED = ("masa", "bebida")
"""Kinds of which there is more or less, and no number."""

MEASURES = ("mucho", "poco", "bastante")
"""Determiners that say how much of them."""

OWNED = _set(
    "persona dueño animal comida masa bebida objeto mueble recipiente ropa prenda vehículo "
    "instrumento relato"
)
"""Kinds of which one may say mine."""

DISTANT = _set(
    "cura alcalde alcaldesa enfermo enferma joven viejo vieja niño niña campesino campesina pintor "
    "pintora estudiante carpintero carpintera dueño amo lobo zorro ratón autobús tren barco"
)
"""Words of those kinds of which one would not."""

_REGULAR = (
    "comprar preparar lavar limpiar caminar trabajar estudiar cantar bailar viajar gritar saltar nadar "
    "dibujar besar regalar ayudar visitar llamar esperar saludar preguntar firmar llenar curar casar "
    "cocinar cenar desayunar plantar pasear pasar bajar parar llevar pintar entrar dejar amar hablar "
    "cuidar cortar beber comer vender correr responder vivir escribir subir"
)
_IRREGULAR = """
leo lee leen leí leyó leyeron = leer
veo ve ven vi vio vieron = ver
voy va van fui fue fueron = ir
soy es son fui fue fueron = ser
estoy está están estuve estuvo estuvieron = estar
vengo viene vienen vine vino vinieron = venir
traigo trae traen traje trajo trajeron = traer
doy da dan di dio dieron = dar
digo dice dicen dije dijo dijeron = decir
quiero quiere quieren quise quiso quisieron = querer
duermo duerme duermen dormí durmió durmieron = dormir
juego juega juegan jugué jugó jugaron = jugar
sueño sueña sueñan soñé soñó soñaron = soñar
cuento cuenta cuentan conté contó contaron = contar
pruebo prueba prueban probé probó probaron = probar
pido pide piden pedí pidió pidieron = pedir
sirvo sirve sirven serví sirvió sirvieron = servir
río ríe ríen reí rio rieron = reír
oigo oye oyen oí oyó oyeron = oír
vuelo vuela vuelan volé voló volaron = volar
vuelvo vuelve vuelven volví volvió volvieron = volver
salgo sale salen salí salió salieron = salir
conozco conoce conocen conocí conoció conocieron = conocer
encuentro encuentra encuentran encontré encontró encontraron = encontrar
almuerzo almuerza almuerzan almorcé almorzó almorzaron = almorzar
sierro sierra sierran serré serró serraron = serrar
riego riega riegan regué regó regaron = regar
pesco pesca pescan pesqué pescó pescaron = pescar
busco busca buscan busqué buscó buscaron = buscar
toco toca tocan toqué tocó tocaron = tocar
seco seca secan sequé secó secaron = secar
llego llega llegan llegué llegó llegaron = llegar
hago hace hacen hice hizo hicieron = hacer
apago apaga apagan apagué apagó apagaron = apagar
agradezco agradece agradecen agradecí agradeció agradecieron = agradecer
abrigo abriga abrigan abrigué abrigó abrigaron = abrigar
"""
_ENDINGS = {"a": "o a an é ó aron", "e": "o e en í ió ieron", "i": "o e en í ió ieron"}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun; ``plural`` is empty where it has none, ``gender`` is 0 for el and 1 for la."""

    singular: str
    plural: str
    gender: int


def plural(word: str) -> str:
    """The plural of a noun or an adjective, by rule.

    Example:
        >>> [plural(word) for word in ("pez", "jardín", "azul", "café")]
        ['peces', 'jardines', 'azules', 'cafés']
    """
    if word[-1] in "aeiouáéó":
        return f"{word}s"
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    bare = word[-2].translate(str.maketrans("áéíóú", "aeiou"))
    return f"{word[:-2]}{bare}{word[-1]}es"


def inflected(adjective: str) -> tuple[str, str, str, str]:
    """An adjective's masculine and feminine forms, in the singular and in the plural."""
    masculine = adjective
    feminine = f"{adjective[:-1]}a" if adjective.endswith("o") else adjective
    many = _PLURALS.get(adjective)
    return masculine, feminine, many or plural(masculine), many or plural(feminine)


def _noun(entry: str, gender: int) -> Noun:
    singular, bar, many = entry.partition("|")
    return Noun(singular, many if bar else plural(singular), gender)


def _form(lemma: str) -> tuple[str, ...]:
    return tuple(f"{lemma[:-2]}{ending}" for ending in _ENDINGS[lemma[-2]].split())


NOUNS = {
    kind: tuple(_noun(entry, gender) for gender in (0, 1) for entry in lists[gender].split())
    for kind, lists in _NOUNS.items()
}
"""Kind -> its nouns."""

_PLURALS = {"joven": "jóvenes"}
INVARIABLE = frozenset({"naranja", "rosa", "violeta"})
"""Colours that are named after things: they stay as they are, and here come in the singular only."""

ADJECTIVES = {
    kind: tuple(entries.split()) for kinds, entries in _ADJECTIVES.items() for kind in kinds.split()
}
"""Kind of noun -> adjectives that fit it."""

FORMS = {lemma: _form(lemma) for lemma in _REGULAR.split()} | {
    line.split(" = ")[1]: tuple(line.split(" = ")[0].split()) for line in _IRREGULAR.strip().split("\n")
}
"""Verb -> I, she, they in the present; I, she, they in the past."""
