"""Spanish verbs whose stem or accent changes where it is stressed, which no infinitive tells."""

from __future__ import annotations

__all__ = ["ACCENTS", "ONE_SYLLABLE", "STEMS"]

STEMS = {
    "e-ie": """
        acrecentar adherir advertir alentar apacentar apretar arrendar ascender asentar asentir
        aserrar atender atravesar calentar cegar cerner cerrar comenzar concertar condescender
        conferir confesar consentir contender convertir defender deferir denegar desalentar
        descender desconcertar desenterrar deshelar desmembrar desmentir despertar desplegar
        desterrar diferir digerir disentir distender divertir empedrar empezar encender encerrar
        encomendar enmendar ensangrentar entender enterrar entrecerrar errar escarmentar extender
        fregar hacendar heder hender herir herrar hervir inferir ingerir interferir invertir
        manifestar mentar mentir merendar negar pensar perder pervertir plegar preferir presentir
        proferir quebrar recalentar recomendar recomenzar reconvertir referir refregar regar
        remendar renegar repensar replegar requebrar requerir restregar reventar revertir segar
        sembrar sentar sentir serrar sosegar soterrar subarrendar sugerir temblar tender tentar
        transferir trasegar tropezar verter zaherir
    """,
    "o-ue": """
        absolver acordar acostar almorzar apostar aprobar avergonzar cocer colar colgar comprobar
        conmover contar costar degollar demoler demostrar desacordar desaforar descolgar desenvolver
        despoblar devolver disolver doler dormir emporcar encontrar engrosar envolver escocer
        esforzar forzar holgar hollar llover moler morder morir mostrar mover oler poblar probar
        promover recordar recostar reencontrar reforzar remorder remover renovar repoblar reprobar
        resollar resolver resonar retorcer revolcar revolver rodar rogar sobrevolar soldar soler
        soltar sonar soñar torcer tostar trocar volar volcar volver
    """,
    "e-i": """
        ceñir colegir comedir competir concebir conseguir corregir derretir despedir desteñir
        desvestir elegir embestir envestir estreñir expedir gemir henchir impedir investir medir
        pedir perseguir proseguir reelegir regir rendir repetir revestir reñir seguir servir teñir
        vestir
    """,
    "u-ue": """
        jugar
    """,
    "i-ie": """
        adquirir inquirir
    """,
}
"""Change of the stem -> verbs that have it."""

ACCENTS = {
    "i-í": """
        ahijar aislar aliar amnistiar ampliar ansiar arriar ataviar autografiar averiar aviar
        biografiar cartografiar chirriar cohibir contrariar criar desafiar desairar descafeinar
        descarriar desconfiar desliar desvariar desviar enraizar enviar espiar esquiar expatriar
        expiar extasiar extraviar fiar fotografiar guiar hastiar inventariar liar mecanografiar piar
        porfiar prohibir radiografiar repatriar resfriar telegrafiar vaciar variar
    """,
    "u-ú": """
        acentuar actuar adecuar atenuar aullar aunar aupar contextuar continuar desvirtuar
        devaluar efectuar evaluar exceptuar extenuar fluctuar graduar habituar insinuar maullar
        menstruar perpetuar preceptuar puntuar rehusar reunir situar tatuar usufructuar valuar
    """,
}
"""Vowel that takes an accent where it is stressed -> verbs."""

ONE_SYLLABLE = "criar fiar fluir guiar huir liar piar"
"""Verbs with forms of one syllable, which are written without an accent: guie, hui, fluis."""
