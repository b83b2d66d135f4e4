"""What the sheets and glossaries of the demo say. Figures are orders of magnitude, rounded, for the demonstration."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """``sheets``: key, chapter, title, author (an expert's last name or a name), position if it argues, text."""

    glossary: list[tuple[str, str, str]]
    sheets: list[tuple[str, str, str, str, str, str]]
    pair: tuple[str, str]


WATER = Script(
    glossary=[
        ("Station d’épuration", "stations d’épuration", "Usine qui nettoie l’eau des égouts avant de la rendre à la rivière ou à la mer."),
        ("Étiage", "", "Période de l’année où la rivière est au plus bas, le plus souvent de juillet à septembre."),
        ("Nappe", "nappes\nnappe phréatique", "Réserve d’eau sous le sol. La pluie la remplit en hiver, on y puise toute l’année."),
        ("Résidus de médicaments", "résidu de médicament\nrésidus médicamenteux", "Traces de remèdes que notre corps rejette et que les égouts emportent."),
        ("Irrigation", "irriguer\nirriguées\nirrigués", "Arrosage des cultures."),
        ("Milieu naturel", "milieux naturels", "Ici : la rivière, ses berges, et tout ce qui y vit."),
    ],
    sheets=[
        ("known", "Ce que l’on sait", "Que devient l’eau quand elle part dans l’évier ?", "Jeanne Morel, journaliste scientifique", "",
         """L’eau de l’évier, de la douche et des toilettes part dans les égouts. Elle arrive dans une station d’épuration. Là, on retire d’abord ce qui flotte et ce qui coule. Puis des bactéries mangent une grande partie de la saleté. Au bout d’un jour environ, l’eau repart à la rivière.

## Est-elle propre ?

Elle est assez propre pour la rivière. Elle ne l’est pas assez pour être bue, ni pour arroser une salade. Il y reste des microbes, un peu d’engrais, et des résidus de médicaments en quantités infimes.

On peut la nettoyer davantage : avec des filtres très fins, de la lumière ultraviolette ou un peu de chlore. Cela coûte de l’argent et de l’électricité.

## Que fait-on ailleurs ?

- En **Espagne**, environ un dixième des eaux traitées sert une deuxième fois, surtout pour l’irrigation.
- En **Israël**, c’est plus de huit dixièmes.
- En **France**, c’est moins d’un centième.

## Et chez nous ?

La région compte 214 stations d’épuration. Neuf fournissent déjà de l’eau à un golf, à un stade ou à des champs. En été, dans la vallée d’Arros, deux litres sur dix qui coulent dans la rivière sortent d’une station. À l’étiage, c’est parfois la moitié.
"""),
        ("pro", "Ce qui se discute", "Réutiliser, c’est laisser l’eau à la rivière", "Vauclair", "for",
         """Chaque été, nous pompons dans la rivière au moment où elle en a le moins. Pendant ce temps, nous nettoyons des millions de litres d’eau dans nos stations d’épuration, et nous les laissons partir vers la mer. Je propose de nous en servir une deuxième fois.

## Ce que l’on y gagne

Un hectare de maïs boit environ deux mille mètres cubes en un été. La station de Castelnau en rejette autant en quatre heures. Avec cette eau, on peut arroser sans puiser dans la nappe.

L’eau traitée ne manque jamais : les habitants prennent leur douche en août aussi. Pour un agriculteur, c’est une assurance. Et elle contient un peu d’engrais, qu’il n’a plus à acheter.

## Et les risques ?

Ils se maîtrisent. La loi fixe quatre qualités d’eau. Pour les légumes que l’on mange crus, il faut la meilleure : elle est filtrée, désinfectée, analysée chaque semaine. En vingt ans, aucun pays d’Europe n’a signalé d’épidémie venue d’une eau traitée dans les règles.

## Ce que je ne sais pas

Nous mesurons encore mal ce que deviennent les résidus de médicaments dans le sol après dix ou vingt ans. C’est pourquoi je demande un suivi public, payé par ceux qui vendent l’eau.
"""),
        ("contra", "Ce qui se discute", "Cette eau n’est pas perdue : la rivière en vit", "Castaing", "against",
         """On nous dit que l’eau des stations est « perdue ». C’est faux. Elle retourne à la rivière, et en été la rivière en vit. À l’étiage, l’Arros doit à nos égouts la moitié de son débit. Si on la détourne vers les champs, les poissons meurent.

## L’eau que l’on promet deux fois

L’eau qui part dans un champ s’évapore ou passe dans la plante. Elle ne revient pas. Le village en aval, lui, comptait dessus. Réutiliser ne crée pas une goutte : cela change seulement celui qui en profite.

## Une facilité qui coûte cher

Partout où l’on a offert de l’eau en plus, les surfaces irriguées ont augmenté. En Andalousie, elles ont crû d’un cinquième en quinze ans. Dix ans plus tard, on manque d’eau de nouveau, avec des tuyaux à rembourser.

## Ce que je propose à la place

1. Réparer les fuites : un litre sur cinq n’arrive jamais au robinet.
2. Planter ce qui boit moins.
3. Là où la station rejette **en mer**, oui, réutilisons : là, aucune rivière n’en dépend.

## Ce que je ne sais pas

Sur les grandes rivières, l’effet est sans doute faible. Mes chiffres valent pour les petites, comme l’Arros.
"""),
        ("alone", "Qui décide, qui paie", "Que l’irrigant paie l’eau au prix qu’elle coûte", "Luc Sénéchal, Union des consommateurs d’eau", "rather_against",
         """Produire un mètre cube d’eau traitée pour l’irrigation coûte entre vingt et soixante centimes. L’agriculteur en paie aujourd’hui cinq à dix. Le reste, c’est la facture d’eau des ménages.

## Une question de justice

Une famille de quatre personnes paierait en moyenne dix-huit euros de plus par an. Elle paierait pour une eau qu’elle ne boira pas, et pour des champs dont une partie de la récolte part à l’exportation.

## Ce que je demande

Que le prix soit public, station par station. Que l’agriculteur paie au moins la moitié de ce que l’eau coûte. Et que les habitants aient une voix dans le contrat, qui dure souvent vingt ans.

## Ce que je ne sais pas

Si l’eau manque, des fermes fermeront, et cela coûte aussi à tous. Personne n’a encore fait ce calcul pour notre région.
"""),
    ],
    pair=("pro", "contra"),
)  # fmt: skip

GENOME = Script(
    glossary=[
        ("Génome", "génomes", "L’ensemble des instructions, écrites dans chaque cellule, selon lesquelles un être vivant se construit."),
        ("Édition du génome", "éditer\néditée\néditées", "Changer, enlever ou ajouter quelques lettres en un point choisi du génome d’une plante ou d’un animal."),
        ("OGM", "organisme génétiquement modifié", "Être vivant dont le génome a été changé d’une façon qui ne se produit pas dans la nature."),
        ("Brevet", "brevets\nbrevetée\nbrevetées", "Titre qui donne à son inventeur le droit d’être seul à utiliser une invention, pendant vingt ans."),
        ("Sélection", "sélectionneurs", "Choisir, génération après génération, les plantes qui conviennent le mieux, pour les ressemer."),
        ("Mutation", "mutations", "Changement dans le génome, par hasard ou par un geste humain. Chaque plante en porte de nouvelles."),
    ],
    sheets=[
        ("known", "Ce que l’on sait", "Qu’est-ce que l’édition du génome ?", "Jeanne Morel, journaliste scientifique", "",
         """Chaque cellule d’une plante contient son génome : une très longue suite de lettres, comme un livre. Le blé en compte seize milliards.

Depuis dix mille ans, les paysans choisissent les plantes qui leur conviennent. C’est la sélection. Elle se sert des mutations que le hasard produit. L’édition du génome fait autrement : on choisit l’endroit du livre, et on y change quelques lettres.

## Est-ce un OGM ?

C’est toute la question. Un OGM classique reçoit souvent un passage venu d’un autre être vivant : un maïs, par exemple, porte une page d’une bactérie. Une plante éditée ne reçoit le plus souvent rien d’étranger. Parfois, rien ne permet de la distinguer d’une plante née d’une mutation naturelle.

## Que dit la loi ?

En 2018, la justice européenne a jugé que ces plantes sont des OGM. Il faut donc les évaluer et les étiqueter. Un nouveau règlement est en discussion : il créerait une catégorie plus légère pour les changements les plus petits.

## Où en est-on ?

Dans le monde, une dizaine de plantes éditées se vendent : une tomate au Japon, un soja aux États-Unis. En France, aucune ne pousse en plein champ, hors essais.
"""),
        ("pro", "Ce qui se discute", "Moins de pesticides, plus vite", "Armand", "rather_for",
         """Un blé qui résiste au mildiou sans traitement : il existe, je l’ai vu pousser en serre. Par la sélection classique, il nous faudrait quinze ans pour l’amener aux champs. Par l’édition du génome, quatre.

## Pourquoi la vitesse compte

Le climat change plus vite que nos variétés. Les étés de 2040 seront là avant que nos croisements d’aujourd’hui soient finis. Les paysans auront besoin de plantes qui boivent moins et tombent moins malades.

## Et le risque ?

Nous changeons deux ou trois lettres sur seize milliards. Une plante ordinaire en change autant toute seule, à chaque génération. On sait lire le génome avant et après, et jeter les plantes où autre chose a bougé.

## Ce que je ne sais pas

Une plante qui résiste aujourd’hui ne résistera pas toujours : les maladies s’adaptent. L’édition n’est pas une solution à elle seule. Elle est un outil de plus, avec les haies, les rotations et le travail du sol.
"""),
        ("contra", "Ce qui se discute", "Le problème n’est pas la plante, c’est à qui elle appartient", "Kerjean", "against",
         """Je sème mon blé depuis vingt ans. J’en garde une part, je la ressème, j’en donne au voisin. Une plante éditée est brevetée. Si le vent porte son pollen dans mon champ, mon grain n’est plus à moi.

## Quatre entreprises

Plus de la moitié des semences du monde viennent de quatre entreprises. Elles détiennent aussi l’essentiel des brevets sur ces techniques. Avec un contrôle plus léger, elles iront plus vite. Nous, non.

## La promesse déjà entendue

Il y a vingt-cinq ans, on nous a dit que les OGM réduiraient les pesticides. Dans les pays qui en cultivent, on en répand plus qu’avant, parce que les mauvaises herbes ont résisté. Je demande pourquoi cette fois serait différente.

## Ce que je demande

Que ces plantes restent évaluées et étiquetées, que l’on puisse les suivre du champ à l’assiette. Et qu’aucun brevet n’entre dans un champ où personne ne l’a invité.

## Ce que je ne sais pas

Si une plante éditée sans brevet, faite par la recherche publique, sauvait une culture, je devrais y réfléchir autrement.
"""),
        ("alone", "Qui décide, qui paie", "Laissez choisir celui qui mange", "Sonia Lahlou, association de consommateurs", "rather_against",
         """Je ne demande ni d’interdire ni d’autoriser. Je demande que l’on puisse choisir. Pour choisir, il faut savoir. Or le projet de règlement prévoit que les plantes les moins modifiées ne portent plus d’étiquette.

## Ce que pensent les gens

Dans toutes les enquêtes que j’ai lues, trois personnes sur quatre veulent une étiquette. Ce ne sont pas des peureux : beaucoup achèteraient le produit. Ils veulent décider eux-mêmes.

## Ce que cela coûterait

Suivre une récolte du champ à l’assiette coûte de l’argent : un à trois centimes par kilo de farine, selon les moulins. Le bio le fait depuis quarante ans.

## Ce que je ne sais pas

Si rien ne permet de reconnaître ces plantes au laboratoire, il faudra se fier aux papiers. Des papiers se falsifient.
"""),
    ],
    pair=("pro", "contra"),
)  # fmt: skip
