"""The patterns of lab 5's sentences; how they are joined is in `frames`.

A pattern is a row of::

    word:N           a word as it stands, with its tag
    {masa bebida}    a noun phrase with a noun of one of these kinds; behind a point, what it must be:
                     s singular, p plural, d definite, i indefinite, b bare, n without an adjective
    {persona!}       the subject: the verbs agree with it
    <comer probar>   one of these verbs
    [alto triste]    an adjective that agrees with the subject
    CLAUSE, REASON   another pattern, of `CLAUSES` or of `frames.REASONS`

In front of a bar stands what holds of the whole: ``present`` or ``past`` alone, ``third`` where the
subject cannot be I, ``whole`` where no time may be added, ``alone`` where nothing at all may be.

The tags are the first letters of the EAGLES set: N noun, V verb, A adjective, D determiner, P pronoun,
S preposition, R adverb, C conjunction, F punctuation.
"""

from __future__ import annotations

__all__ = ["CLAUSES"]

_CLAUSES = """
{persona!} <comer comprar preparar probar> {comida}
{persona!} <comer comprar preparar probar vender> {masa}
{persona!} <cocinar> {guiso.bn}
{persona!} <cocinar> {guiso.bn} para:S {persona.d}
{persona!} <comer> {masa.bn} con:S {masa.bn}
{persona!} <comer probar> {comida.n} con:S miel:N
{persona!} <cenar desayunar almorzar> {masa.b} con:S {persona.d}
{persona!} <cenar desayunar almorzar> {masa.b} y:C {bebida.b}
{persona!} <beber pedir comprar servir> {bebida}
{persona!} <beber pedir> un:D vaso:N de:S {bebida.bn}
{persona!} <comprar traer> una:D botella:N de:S {bebida.bn}
{persona!} <servir> {bebida} a:S {persona.d}
present whole| {bebida.sd!} <estar> en:S {copa.sd}
present whole| {masa.sd!} <estar> en:S {mueble.sd}
{persona!} <comprar comer> {masa.bn} sin:S sal:N
present whole| la:D sal:N <estar*> en:S {mueble.sd}
{persona!} <comprar traer pedir> sal:N
{persona!} <comprar buscar> la:D sal:N en:S {comercio.sdn}
present third| {persona!} <beber> zumo:N de:S naranja:N
{persona!} <leer escribir buscar> {texto}
{persona!} <contar> {relato} a:S {persona.d}
{persona!} <contar> {relato.s} en:S {lugar.sdn}
{persona!} <contar> los:D días:N
{persona!} <ver saludar visitar ayudar llamar esperar buscar besar> a:S {persona.d}
{persona!} <llamar saludar> a:S {persona.dn} desde:S {interior.sd}
{persona!} <visitar buscar> {lugar.sd}
{persona!} <ver dibujar pintar> {paraje.sd}
{persona!} <visitar> {lugar.dn} con:S {persona.d}
{persona!} <comprar vender buscar encontrar pintar> {objeto}
{persona!} <comprar vender limpiar pintar> {mueble.n}
{persona!} <limpiar secar llenar> {recipiente.dn}
{persona!} <llevar buscar traer> {recipiente.d}
{persona!} <llenar> {copa.dn} de:S {bebida.bn}
{persona!} <limpiar> {interior.sdn}
{persona!} <limpiar secar lavar> {ropa.dn}
{persona!} <llevar comprar buscar> {ropa}
{persona!} <llevar comprar> {ropa.in} de:S {material.bn}
{persona!} <regalar> {objeto.i} a:S {persona.d}
{persona!} <regalar> {ropa.i} a:S {persona.dn}
{persona!} <traer> {objeto} para:S {persona.d}
{persona!} <traer> {ropa} para:S {persona.dn}
{persona!} <traer> {masa.b} y:C {bebida.b}
{persona!} <abrigar> a:S {persona.dn} con:S {prenda.si}
{persona!} <cuidar abrigar> a:S {persona.d}
{persona!} <tocar> {instrumento.sd}
{persona!} <tocar> {instrumento.sdn} muy:R bien:R
{persona!} <tocar> {instrumento.sdn} en:S {lugar.sd}
{persona!} <caminar pasear correr pasar> por:S {paraje.sd}
{persona!} <caminar jugar pasear> con:S {persona.d}
{persona!} <jugar trabajar estudiar bailar cantar gritar saltar> en:S {lugar.sd}
{persona!} <ir volver llegar> a:S {lugar.sd}
{persona!} <viajar volar> a:S {destino.sd}
{persona!} <salir venir volver> de:S {lugar.sd}
{persona!} <venir volver viajar ir> en:S {vehículo.sbn}
third| <venir llegar> {persona!} en:S {vehículo.sbn}
{persona!} <venir> a:S {lugar.sd}
{persona!} <venir> con:S {persona.d}
third| <venir> {persona!} con:S {masa.bn} y:C {bebida.bn}
{persona!} <bajar subir> la:D escalera:N despacio:R
{persona!} <bajar subir> la:D escalera:N con:S {persona.dn}
{persona!} <bajar> a:S {destino.sd}
{persona!} <bajar> de:S {altura.sdn}
{persona!} <bajar> {objeto.d} del:S armario:N
{persona!} <soñar> con:S {persona.d}
{persona!} <soñar> con:S {paraje.sd}
present| {persona!} <reír> con:S {persona.d}
present| {persona!} <reír> mucho:R con:S {persona.dn}
present whole| {persona!} <amar> {actividad.sdn}
present whole| {persona!} <amar> a:S {persona.sd}
{persona!} <cantar> una:D canción:N
{persona!} <cantar bailar jugar> muy:R bien:R
{persona!} <dibujar> {animal.i}
{persona!} <dibujar pintar> {planta.i}
{persona!} <volar> a:S {destino.sdn} en:S avión:N
{persona!} <volar> con:S {persona.dn} a:S {destino.sdn}
{persona!} <volver> del:S {rumbo.bn}
third| {ave!} <volar> hacia:S el:D {rumbo.bn}
{persona!} <viajar ir caminar> hacia:S el:D {rumbo.bn}
{persona!} <preguntar> el:D precio:N a:S {persona.d}
{persona!} <preguntar> a:S {persona.d}
third| {persona!} <responder> a:S la:D pregunta:N de:S {persona.sd}
present whole third| la:D pregunta:N de:S {persona.sd} <ser*> difícil:A
{persona!} <firmar> la:D carta:N de:S {persona.sd}
{persona!} <firmar escribir leer> la:D carta:N
present whole| la:D firma:N de:S {persona.sd} <estar*> en:S la:D carta:N
{persona!} <ver buscar> la:D firma:N de:S {persona.sd}
{persona!} <plantar regar cuidar> {planta}
{persona!} <serrar cortar> la:D madera:N
{persona!} <serrar cortar> la:D madera:N con:S {persona.d}
{persona!} <serrar> {mueble.sdn}
{persona!} <cortar> {postre.d}
{persona!} <cortar> {planta.d}
{persona!} <pescar nadar> en:S {agua.sd}
{persona!} <pescar> con:S {persona.d} en:S {agua.sdn}
{persona!} <curar> a:S {persona.d}
{persona!} <curar> a:S {animal.d}
{persona!} <cuidar llamar buscar> a:S {animal.d}
{clero!} <casar> a:S {persona.pdn}
{clero!} <casar> a:S {persona.pdn} en:S la:D iglesia:N
{clero!} <hablar> ante:S {persona.pd}
{persona!} <cantar hablar bailar> ante:S {persona.pdn}
{dueño.d!} de:S {animal.sdn} <vivir trabajar> en:S {destino.sd}
third| {dueño.d!} de:S {finca.sdn} <llamar saludar> a:S {persona.dn}
{persona!} <pedir> ayuda:N a:S {persona.d}
{persona!} <trabajar> sin:S ayuda:N
{persona!} <agradecer> la:D ayuda:N de:S {persona.dn}
{persona!} <esperar> una:D visita:N
third| la:D visita:N de:S {persona.dn} <llegar*> tarde:R
{persona!} <llevar dejar> la:D compra:N en:S {mueble.sd}
{persona!} <hacer> la:D compra:N en:S {comercio.sd}
{persona!} <pedir> la:D cuenta:N a:S {persona.sd}
{persona!} <esperar> la:D cuenta:N
{persona!} <apagar> la:D llama:N con:S agua:N
{persona!} <preparar servir> {comedor.sd}
{persona!} <preparar> {comedor.sdn} de:S {persona.d}
{persona!} <dar> un:D beso:N a:S {persona.d}
{persona!} <dar> un:D paseo:N por:S {paraje.sd}
{persona!} <dar> un:D salto:N
{animal!} <dar> un:D salto:N sobre:S {mueble.sd}
{persona!} <dar> un:D grito:N
{persona!} <oír> un:D grito:N en:S {lugar.sd}
{persona!} <oír> el:D canto:N del:S pájaro:N
{persona!} <oír> el:D paso:N de:S {vehículo.sdn}
{persona!} <hacer> un:D dibujo:N de:S {animal.sin}
present| {persona!} <preparar> un:D viaje:N a:S {destino.sd}
present whole third| el:D viaje:N de:S {persona.sd} <ser*> largo:A
{persona animal!} <correr> rápido:R
third| {vehículo!} <pasar> rápido:R por:S {lugar.sdn}
third| {ave!} <volar> alto:R
third| {ave!} <volar> alto:R sobre:S {lugar.sdn}
{persona!} <hablar gritar> fuerte:R
{persona!} <hablar> claro:R
{persona!} <hablar> muy:R alto:R
third| {transporte!} <parar> en:S {vía.sd}
third| {transporte!} <parar> cerca:R de:S {interior.sdn}
third| <parar> {transporte.s!} en:S {vía.sdn}
third| {llegada!} <llegar salir> tarde:R
third| <llegar> tarde:R {llegada!}
{persona!} <llegar venir volver> tarde:R
third| {animal!} <comer beber> en:S {lugar.sd}
third| {animal!} <correr dormir> en:S {lugar.sd}
third| {nadador!} <nadar> en:S {agua.sd}
third| {nadador!} <nadar> muy:R bien:R
third| {animal!} <buscar ver> a:S {animal.dn}
{animal!} <saltar> la:D cerca:N
third| {animal!} <dormir> junto:R a:S la:D cerca:N
{persona!} <pintar> la:D cerca:N de:S {lugar.sdn}
{persona!} <vivir trabajar> cerca:R de:S {lugar paraje.sd}
present whole third| {lugar paraje.sdn!} <estar> cerca:R de:S {paraje.sdn}
third| cerca:R de:S {paraje.sd} <vivir trabajar> {persona!}
present whole third| {lugar.sdn!} <estar> lejos:R
present whole third| bajo:S {mueble.sd} <dormir> {animal!}
third| {animal!} <dormir> bajo:S {mueble.sd}
present whole third| {objeto!} <estar> bajo:S {mueble.sdn}
present whole third| {objeto!} <estar> sobre:S {mueble.sdn}
whole present| sobre:S {mueble.sd} hay:V {objeto.i}
whole present| hay:V {objeto.i} sobre:S {mueble.sd}
whole present| bajo:S {mueble.sd} hay:V {animal.i}
{persona!} <dejar> {objeto.d} sobre:S {mueble.sd}
{persona!} <caminar correr> bajo:S la:D lluvia:N
{persona!} <caminar pasear> entre:S {planta.pd}
third| entre:S {paraje.sdn} y:C {lugar.sdn} <vivir> {persona!}
third| {persona!} <vivir> entre:S {paraje.sdn} y:C {lugar.sdn}
{persona!} <comprar traer> {objeto.si} para:S {persona.d}
para:S {persona.d} <comprar traer> {persona.s!} {objeto.sin}
{persona!} <salir> a:S {fuera.sdn} para:S jugar:V
{persona!} <trabajar estudiar> mucho:R para:S vivir:V mejor:R
{persona!} <trabajar estudiar leer dormir comer beber> mucho:R
{persona!} <trabajar estudiar leer dormir comer beber> poco:R
{persona!} <trabajar estudiar leer dormir comer beber> bastante:R
{persona!} <comer beber> mucho:R con:S {persona.d}
{persona!} <comer beber> poco:R en:S {lugar.sdn}
whole| {persona!} <comer beber> bastante:R cada:D noche:N
present whole third| {persona!} <estar> bastante:R [cansado triste alegre enfermo]
present whole third| {persona!} <estar> muy:R [cansado triste alegre enfermo]
present whole third| {persona!} <ser> [alto bajo joven viejo fuerte amable]
present whole third| {persona!} <ser> muy:R [alto bajo joven viejo fuerte amable]
present whole third| {persona!} no:R <estar> nada:R [cansado triste alegre enfermo]
present whole third| {persona!} no:R <ser> nada:R [alto bajo joven viejo fuerte]
present whole third| {vehículo!} no:R <ser> nada:R [rápido lento]
{persona!} no:R <comer beber comprar ver pedir> nada:P
{persona!} no:R <comer beber comprar> nada:P en:S {lugar.sd}
{persona!} no:R <nadar bailar cantar trabajar> en:S {lugar.sd}
{persona!} <vivir dormir trabajar> [solo]
present whole third| {persona!} <estar> [solo] en:S {lugar.sd}
present| {persona!} solo:R <comer> {masa.b}
{persona!} solo:R <beber> {bebida.b}
{persona!} solo:R <leer> {texto.pi}
whole third present| {persona!} <ser> [alto] como:C {altura.sin}
whole third present| {persona.s!} <ser> [fuerte lento rápido] como:C {animal.sin}
third| {persona!} <correr> como:C {animal.sin}
{persona!} <nadar> como:C {nadador.sin}
{persona!} <cantar> como:C {ave.sin}
{persona!} <dormir> como:C {animal.sin}
{persona!} <hablar escribir> sobre:S {actividad.sdn}
whole present| a:S {persona.sd} le:P gusta:V {actividad.sdn}
whole present| me:P gusta:V {actividad.sdn}
whole present third| {persona!} <querer> que:C entre:V {persona.sd}
whole present third| {persona!} <querer> que:C {persona.sd} entre:V en:S {lugar.sdn}
alone present| que:C entre:V {persona.sd}
alone present| entre:V en:S {interior.sd}
alone present| entre:V con:S {persona.d}
third| bajo:S la:D lluvia:N <caminar correr> {persona!}
third| entre:S {paraje.sdn} y:C {lugar.sdn} <parar> {transporte!}
third| para:S {persona.d} <cantar bailar trabajar cocinar> {persona!}
third| como:C {animal.sin} <correr dormir> {persona!}
third| como:C {ave.sin} <cantar> {persona!}
whole present third| {persona!} <querer> que:C {persona.sd} viaje:V en:S {vehículo.sbn}
whole present third| {persona!} <querer> que:C {persona.sd} baile:V en:S {lugar.sdn}
whole present third| {persona!} <querer> que:C {persona.sd} baile:V con:S {persona.sdn}
whole present third| {persona!} <querer> que:C {persona.sd} coma:V {masa.bn}
whole present third| {persona!} <querer> que:C {persona.sd} lea:V {texto.sn}
whole third| {persona.n!} que:P <cantar trabajar> en:S {lugar.sdn} <vivir> cerca:R
whole third| {persona.n!} que:P <venir llegar> de:S {lugar.sdn} <comprar> {masa.b}
present whole third| {animal.n!} que:P <dormir> en:S {finca.sdn} <ser> [pequeño grande blanco negro]
{persona!} <conocer ver> a:S {persona.sdn} que:P vive:V en:S {destino.sdn}
alone present| sal:V de:S {lugar.sd} ahora:R
alone present| sal:V a:S {fuera.sd} con:S {persona.d}
alone present| ven:V a:S {lugar.sd} con:S {persona.dn}
alone present| mira:V {objeto.d}
whole present| hace:V frío:N en:S {lugar.sd}
whole present| hace:V mucho:D frío:N en:S {lugar.sd}
whole present| en:S {lugar.sd} hace:V calor:N
"""

CLAUSES = tuple(_CLAUSES.strip().split("\n"))
