"""Paragraphs as an information file has them, written for these tests, in the order in which a person reads them easily.

The order was set by reading, before any score was computed: the first is the plainest, the last the hardest. Five are
plain and five are hard in each language. Change a text only together with its place.
"""

FRENCH_PLAIN = (
    # Screens
    (
        "Un enfant de trois ans apprend en jouant. Il parle, il touche, il court. Devant un écran, il reste assis et il se tait."
        " Une heure par jour, cela compte déjà. Le soir, l’écran retarde le sommeil. Les parents le savent, mais ils sont"
        " fatigués. Que peut faire la ville pour les aider ?"
    ),
    # Water reuse
    (
        "L’été, la rivière baisse et l’eau manque. Pourtant, chaque jour, la ville rejette l’eau de nos douches et de nos"
        " cuisines. On la nettoie, puis on la rend à la rivière. Une partie de cette eau pourrait servir une deuxième fois :"
        " arroser les parcs, laver les rues. Il faut alors la nettoyer mieux, et cela coûte de l’argent."
    ),
    # Nuclear waste
    (
        "Les centrales laissent des déchets qui restent dangereux très longtemps. Aujourd’hui, ils sont gardés dans des"
        " bâtiments, sous surveillance. L’État veut les enterrer à cinq cents mètres sous la terre, dans une roche dure. Les"
        " uns disent que c’est plus sûr. Les autres disent que nous laissons notre problème à nos enfants."
    ),
    # Genome editing
    (
        "Chaque cellule de notre corps porte un long message. Ce message dit comment la cellule doit travailler. Parfois, il"
        " contient une faute, et cette faute rend malade. Depuis dix ans, des chercheurs savent corriger une lettre de ce"
        " message. Ils ont déjà soigné des personnes qui souffraient d’une maladie du sang."
    ),
    # Night trains and planes
    (
        "Prendre le train plutôt que l’avion réduit beaucoup la pollution. Mais le billet de train coûte souvent plus cher, et"
        " le voyage dure plus longtemps. Certains proposent d’interdire les vols courts lorsque le train met moins de quatre"
        " heures. D’autres préfèrent baisser le prix des billets, avec l’argent d’une taxe sur les avions."
    ),
)

FRENCH_HARD = (
    # Screens
    (
        "Les études disponibles, dont la plupart reposent sur les déclarations des parents, suggèrent une association entre"
        " l’exposition précoce aux écrans et le développement du langage, sans qu’il soit possible d’établir un lien de"
        " causalité. Les recommandations internationales préconisent néanmoins de limiter cette exposition avant l’âge de deux"
        " ans, en privilégiant les interactions avec l’entourage."
    ),
    # Water reuse
    (
        "La réutilisation des eaux usées traitées est encadrée par des prescriptions réglementaires qui distinguent plusieurs"
        " catégories de qualité sanitaire, chacune étant associée à des usages déterminés. L’autorisation préfectorale est"
        " subordonnée à la production d’une évaluation des risques environnementaux et sanitaires, dont l’élaboration incombe"
        " au producteur de l’eau ainsi qu’à ses utilisateurs."
    ),
    # Nuclear waste
    (
        "Le stockage en couche géologique profonde des déchets de haute activité et de moyenne activité à vie longue repose sur"
        " les propriétés de confinement de l’argilite du Callovo-Oxfordien, dont la perméabilité est suffisamment faible pour"
        " que la migration des radionucléides s’effectue essentiellement par diffusion, ce qui garantit un retardement"
        " compatible avec leur décroissance radioactive."
    ),
    # Genome editing
    (
        "L’introduction ciblée de cassures double brin par une nucléase programmable sollicite les mécanismes endogènes de"
        " réparation, dont la prépondérance relative conditionne l’obtention de mutations d’insertion ou de délétion plutôt"
        " que l’intégration fidèle d’une séquence exogène ; l’hétérogénéité des événements ainsi générés et la persistance"
        " éventuelle d’un mosaïcisme compliquent l’appréciation du rapport bénéfice-risque."
    ),
    # Governance
    (
        "L’institutionnalisation de dispositifs délibératifs infranationaux, indépendamment de la diversité des configurations"
        " procédurales expérimentées, interroge l’articulation problématique entre légitimité participative et responsabilité"
        " décisionnelle, dès lors que l’inconditionnalité de l’engagement du commanditaire demeure juridiquement"
        " indéterminée et que l’opérationnalisation ultérieure des préconisations citoyennes s’avère systématiquement"
        " tributaire d’arbitrages administratifs insuffisamment transparents."
    ),
)

ENGLISH_PLAIN = (
    # Screens
    (
        "A child of three learns by play. She talks, she runs, she picks things up. In front of a screen she sits still. One"
        " hour a day is not much, but it adds up. Late at night a screen makes it hard to sleep. Mum and dad know this, but they"
        " are tired. What can the town do to help?"
    ),
    # Water reuse
    (
        "In summer the river is low and we run short of water. Yet each day the town sends away the water from our sinks and"
        " showers. We clean it, then we let it flow back to the river. Some of it could be used twice: to water the parks or to"
        " wash the streets. To do this we must clean it better, and that costs money."
    ),
    # Nuclear waste
    (
        "Power plants leave waste that stays harmful for a very long time. Today it is kept in strong buildings, under guard. The"
        " state wants to bury it deep in hard rock, far below the ground. Some people say that this is safer. Others say that we"
        " are leaving our problem to our children."
    ),
    # Genome editing
    (
        "Every cell in our body holds a long message. It tells the cell how to work. Sometimes there is a mistake in the message,"
        " and the mistake makes people ill. For ten years scientists have known how to change a single letter. They have already"
        " treated patients with a disease of the blood."
    ),
    # Trains and planes
    (
        "Taking the train instead of the plane makes much less pollution. But a train ticket often costs more, and the journey"
        " takes longer. Some people want to stop short flights where the train needs less than four hours. Others would rather"
        " lower the price of tickets, with money from a tax on planes."
    ),
)

ENGLISH_HARD = (
    # Screens
    (
        "The available studies, most of which rely on statements made by parents, suggest an association between early exposure"
        " to screens and the development of language, although it is not possible to establish a causal relationship."
        " International recommendations nevertheless advise limiting this exposure before the age of two, and encouraging"
        " interaction with other people instead."
    ),
    # Water reuse
    (
        "The reuse of treated wastewater is governed by regulatory requirements that distinguish several categories of sanitary"
        " quality, each of which is associated with particular applications. Authorisation is conditional upon the submission of"
        " an assessment of environmental and health risks, the preparation of which is the responsibility of the operator"
        " and of the prospective users."
    ),
    # Nuclear waste
    (
        "Disposal of long-lived radioactive materials in a deep geological repository relies upon the containment properties of"
        " the argillaceous formation, whose permeability is sufficiently low for the migration of radionuclides to occur"
        " predominantly by diffusion, thereby ensuring a retardation that is compatible with their radioactive decay."
    ),
    # Genome editing
    (
        "The targeted introduction of double-strand breaks by a programmable nuclease activates endogenous repair mechanisms,"
        " whose relative predominance determines whether insertions and deletions are generated rather than the faithful"
        " integration of an exogenous sequence; the heterogeneity of the resulting modifications and the possible persistence"
        " of mosaicism complicate any evaluation of the risk-benefit ratio."
    ),
    # Governance
    (
        "The institutionalisation of subnational deliberative arrangements, irrespective of the diversity of procedural"
        " configurations experimentally implemented, interrogates the problematic articulation between participatory legitimacy"
        " and decisional accountability, insofar as the unconditionality of the commissioning authority's undertaking remains"
        " juridically indeterminate and the subsequent operationalisation of recommendations is systematically subordinated to"
        " insufficiently transparent administrative arbitration."
    ),
)
