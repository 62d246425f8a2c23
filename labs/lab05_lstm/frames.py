"""What joins the patterns of lab 5, reasons that one may give, and times; written as in `patterns`."""

from __future__ import annotations

__all__ = ["JOINED", "REASONS", "TIMES"]

_JOINED = """
CLAUSE y:C CLAUSE
CLAUSE pero:C CLAUSE
CLAUSE porque:C REASON
cuando:C CLAUSE ,:F CLAUSE
como:C REASON ,:F CLAUSE
present| si:C REASON ,:F CLAUSE
{persona!} <decir> que:C CLAUSE
"""

_REASONS = """
present| llueve:V
present| hace:V frío:N en:S {lugar.sdn}
present| hace:V mucho:D frío:N
present| es:V tarde:R
present| no:R hay:V {masa.bn}
present| no:R hay:V {bebida.bn} en:S {copa.sd}
present third| {persona!} <estar> [cansado triste enfermo]
present third| {persona!} <estar> muy:R [cansado triste enfermo solo]
present third| {vehículo!} no:R <ser> [rápido]
{persona!} <llegar> tarde:R
third| {llegada!} <salir llegar> tarde:R
third| {llegada!} no:R <llegar>
{persona!} <trabajar> mucho:R
{persona!} <trabajar> bastante:R
{persona!} <dormir> poco:R
{persona!} no:R <ver> nada:P
{persona!} no:R <comer> nada:P
present third| {persona!} <vivir> cerca:R
"""

JOINED = tuple(_JOINED.strip().split("\n"))
REASONS = tuple(_REASONS.strip().split("\n"))

_PRESENT = """
hoy:R
ahora:R
a:S veces:N
todos:D los:D días:N
por:S la:D mañana:N
por:S la:D tarde:N
por:S la:D noche:N
cada:D mañana:N
cada:D tarde:N
esta:D tarde:N
mañana:R
mañana:R
"""

_PAST = """
ayer:R
anoche:R
hoy:R
esta:D mañana:N
ayer:R por:S la:D tarde:N
ayer:R por:S la:D mañana:N
el:D lunes:N
aquella:D tarde:N
aquella:D noche:N
"""

TIMES = {
    name: tuple(text.strip().split("\n")) for name, text in (("present", _PRESENT), ("past", _PAST))
}
"""Tense -> what may be said of the time."""
