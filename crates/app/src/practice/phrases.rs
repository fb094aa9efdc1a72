//! What made-up places are called, and what made-up people write. All of it is ours.

use design::Status;

/// The first places, in order.
pub(super) const START: [&str; 8] =
    ["Riverside", "Lantern Hill", "Saltmarsh", "Weavers Green", "Orchard Vale", "Tinmakers Row", "Kite Common", "Old Ropewalk"];

pub(super) const FIRST: [&str; 36] = [
    "Amber", "Ash", "Barley", "Bell", "Bramble", "Candle", "Cedar", "Clay", "Copper", "Cotton", "Elder", "Ember", "Fern",
    "Finch", "Flint", "Garnet", "Hazel", "Heron", "Holly", "Juniper", "Larch", "Linden", "Maple", "Meadow", "Moss", "Otter",
    "Pebble", "Plover", "Quarry", "Rowan", "Rush", "Sable", "Thistle", "Violet", "Willow", "Wren",
];
pub(super) const SECOND: [&str; 30] = [
    "Acre", "Bank", "Bridge", "Brow", "Cross", "Dale", "Edge", "End", "Fold", "Gate", "Grove", "Harbour", "Heath", "Hollow",
    "Lane", "Lock", "Mead", "Mill", "Mount", "Parade", "Pike", "Quay", "Ridge", "Rise", "Shore", "Slade", "Spinney", "Steps",
    "Terrace", "Wharf",
];

pub(super) const SUBJECTS: [&str; 24] = [
    "who speaks first at the table",
    "the waiting list at the lunch club",
    "how the partners share what they hear",
    "trust between the hub and the ward",
    "what counts as evidence",
    "paying people for their time",
    "a walk through the estate",
    "the budget for small groups",
    "young carers after school",
    "the Thursday drop-in",
    "a shared referral form",
    "meetings that run over",
    "a new chair for the forum",
    "loneliness on the top floors",
    "transport to the clinic",
    "the community garden",
    "how decisions are told",
    "the interpreter rota",
    "a gap in the winter plan",
    "sharing the minibus",
    "what the survey left out",
    "stories from the warm room",
    "a handover between colleagues",
    "the language we use",
];

pub(super) const SENTENCES: [&str; 60] = [
    "We began by asking what had surprised people since we last met.",
    "Two of the partners said they had not known of the other's work.",
    "The room went quiet when money came up, and then somebody laughed.",
    "It was agreed to try it for six weeks with one street and then look again.",
    "The ward sister came for the first time and stayed to the end.",
    "People want to be asked once and then see something happen.",
    "The council officer offered the hall free of charge on Mondays.",
    "Nobody could say who decides, so we drew it on the wall.",
    "One partner felt left out of the last decision and said so plainly.",
    "We heard that the forms are longer than the help they lead to.",
    "The plan as written no longer fits, and everybody knows it.",
    "A volunteer has stepped back and her keys must find another pocket.",
    "The neighbours' group asked for fewer meetings and more tea.",
    "There was relief when we said that not everything has to work.",
    "The numbers look small, and the change behind them does not.",
    "It helps that the same two people come every time.",
    "We noticed that the loudest voices are also the best paid ones.",
    "The experiment with open doors on Fridays brought eleven new faces.",
    "Somebody asked whether the funder minds, and nobody knew.",
    "We will write down what we believe before we try it this time.",
    "The minutes were too tidy, and the next ones should keep the doubt.",
    "The carers' group would rather meet at the library than at the clinic.",
    "It was said twice that trust arrives on foot and leaves on horseback.",
    "The interpreter made more difference than the leaflet.",
    "A small underspend could pay for the childcare that keeps people away.",
    "We talked about power without using the word.",
    "The lead partner offered to step aside for one meeting and listen.",
    "What we call engagement they call being asked again.",
    "The new manager does not know the history and asked good questions.",
    "There is energy for the garden and none for the strategy.",
    "The bus that used to stop here was mentioned by nearly everybody.",
    "We agreed what may be told outside this room and what stays.",
    "The data from the surgery came late, and it changed the picture.",
    "Three people offered to knock on doors together.",
    "The word co-production was banned for the afternoon, which helped.",
    "One of the younger members chaired and kept everybody to time.",
    "The pilot in the stairwell was stopped, and that was the right thing.",
    "It is not clear whether this is a health matter or a housing one.",
    "The two boards now see the same page before they meet.",
    "We promised to come back with an answer by the end of the month.",
    "Several said that being thanked by name mattered to them.",
    "The treasurer explained the reserves, and the room relaxed.",
    "A shared calendar would save more than a shared strategy.",
    "The quiet table at the back had the best idea of the day.",
    "People from the top floors cannot come when the lift is out.",
    "The partner from the ward wants to try prescribing the choir.",
    "We counted who spoke, and the count will change the next agenda.",
    "The story of the broken boiler says it better than the report.",
    "It took an hour to agree on one sentence, and it is a good sentence.",
    "The grant is small, and what it lets people try is not.",
    "There are now five names on the list for the steering table.",
    "A concern about safety was passed on the same day.",
    "The visit to the neighbouring place was worth the early train.",
    "We still do not know what happens when the money ends.",
    "The reflective hour at the end was kept, against the clock.",
    "A local firm offered paint and two pairs of hands.",
    "The pharmacist heard about it from a patient and came along.",
    "We looked at the map again and rubbed out two arrows.",
    "The next step is small enough to be done this week.",
    "Nobody wanted to leave, which has not happened before.",
];

/// Words that stand in few entries, for finding needles.
pub(super) const RARE: [&str; 12] = [
    "kingfisher",
    "accordion",
    "marmalade",
    "lighthouse",
    "saxifrage",
    "turnstile",
    "quilting",
    "bellringers",
    "allotment",
    "ferryman",
    "snowdrop",
    "tandem",
];

/// Why made-up sponsors choose something, among themselves, and what its applicants are told.
pub(super) const CHOSEN: [(&str, &str); 3] = [
    (
        "The readers agreed that more than one partner could change its course.",
        "We liked that a small partner had changed your plan. Say who else may do so.",
    ),
    (
        "Residents shaped the question, and the answer is still open.",
        "You say honestly what you do not know yet, and when you will look again.",
    ),
    (
        "The partners have fallen out before and say what they learnt from it.",
        "Your budget pays for people's time, which few others did. Keep that part of it.",
    ),
];

/// The same where they do not.
pub(super) const NOT_CHOSEN: [(&str, &str); 3] = [
    (
        "Strong on need, thin on who decides.",
        "Your figures were clear. We would have liked to hear more from those they are about.",
    ),
    (
        "It would stand or fall with one organisation, and says so itself.",
        "You name one organisation that holds it together. Ask yourselves what happens when it leaves.",
    ),
    (
        "A good project, which would go ahead without a partnership.",
        "The work is needed; the partnership around it is still young. Meet before there is money.",
    ),
];

/// What made-up plans are for: as it was first written, and as it reads once somebody has tried.
pub(super) const AIMS: [(&str, &str); 7] = [
    ("Nobody in the towers waits alone", "Nobody in the towers waits alone for longer than a week"),
    ("Neighbours know whom to ring", "Neighbours ring one another first"),
    ("All partners speak with one voice", "Partners may disagree in front of others"),
    ("The top floors are reached", "The top floors say who may come up"),
    ("Young carers have an evening off", "Young carers run an evening of their own"),
    ("Money is decided on together", "Half of the money is decided on by those whom it is for"),
    ("Fewer people come to the ward by night", "Those who come by night know somebody by day"),
];

/// What is worked on.
pub(super) const WORK: [(&str, &str); 7] = [
    ("A front door for everybody, run by the hub", "A table by the library door, run by volunteers"),
    ("A strategy for volunteers", "Tea with the volunteers, and a strategy if they want one"),
    ("A newsletter to every household", "Notices in the lifts and at the bus stop"),
    ("A course in listening for residents", "Afternoons on which managers listen"),
    ("A forum of residents, led by officers", "A forum of residents, led by residents"),
    ("One referral form for all partners", "One telephone number instead of the form"),
    ("A map of everything that there is", "A walk, and whatever people point at"),
];

/// What should have happened by a day.
pub(super) const MILESTONES: [(&str, &str); 7] = [
    ("The steering table has met", "The steering table has met in somebody’s kitchen"),
    ("A shared office is open", "The back room of the library is ours on Fridays"),
    ("The coordinator has begun", "Two neighbours share the coordinator’s post"),
    ("A hundred people have been asked", "Forty people have been asked, and told what came of it"),
    ("The first small grants are given", "The first small grants are given by those who asked for them"),
    ("The minibus runs every day", "The minibus runs when the clinic does"),
    ("The partners have signed", "The partners have signed what fits on one page"),
];

/// What it costs.
pub(super) const COSTS: [(&str, &str); 7] = [
    ("Rent of the office", "Heating of the back room"),
    ("Consultation", "Paying people for their time"),
    ("Printing", "Bus fares"),
    ("A launch", "Childcare on meeting days"),
    ("An evaluation at the end", "Looking again every quarter"),
    ("Interpreters, when needed", "Interpreters, always"),
    ("Equipment", "Tea, biscuits and a second kettle"),
];

/// What each partner gives.
pub(super) const GIVEN: [(&str, &str); 7] = [
    ("The ward gives a day a week", "The ward gives the same nurse every Tuesday"),
    ("The housing office gives a room", "The housing office gives a room and its keys"),
    ("The choir gives an evening", "The choir gives its tenor, who can drive"),
    ("The surgery gives its figures", "The surgery gives its figures before the meeting"),
    ("The warm room gives its address book", "The warm room makes the calls itself"),
    ("The school gives its hall", "The school gives its kitchen, which is what was needed"),
    ("The officers give their experience", "The officers give their Thursdays"),
];

/// Why a made-up plan was changed.
pub(super) const REASONS: [&str; 8] = [
    "The hall was flooded, and the kitchen turned out to be the better place to meet.",
    "Those whom it was for had not been in the room. Now they were.",
    "Two partners changed posts, and nobody else had wanted that part of it.",
    "We tried it for six weeks in one street. It did not work, and something beside it did.",
    "The money came later than we had thought, and the people came sooner.",
    "It was too much. We asked what we would miss, and kept that.",
    "A volunteer said that she did not understand a word of it, and she was right.",
    "What we had promised by autumn takes a year; we say so now and not in autumn.",
];

/// Why somebody reads a marker as they do: where it stands low, in the middle and high.
pub(super) const READ: [[&str; 4]; 3] = [
    [
        "It still hangs on who happens to be in the room.",
        "They say it, and then things go the old way.",
        "Two meetings fell away, and nobody asked why.",
        "I have heard of it and have not seen it.",
    ],
    [
        "Some weeks it holds, and others it does not.",
        "There is a beginning, and it is their own.",
        "It works where two people know each other.",
        "A little better than when I last looked.",
    ],
    [
        "They did it without being asked.",
        "It held when the money was late.",
        "The smallest partner changed it, and it stayed changed.",
        "I hardly notice it any more, which is the best sign.",
    ],
];

/// How a statement turned out to stand, and why.
pub(super) const LOOKED_AT: [(Status, [&str; 2]); 3] = [
    (
        Status::Untested,
        ["We have talked about it, and nobody has looked.", "Too early to say: most places have just begun to try."],
    ),
    (
        Status::Supported,
        ["Seen in two places, by people who did not expect it.", "Where it was tried it held, also when people left."],
    ),
    (
        Status::Contradicted,
        ["Two places did well without it.", "It holds on paper; three consultants see something else in the places."],
    ),
];

/// What is said to a question of a design review. Where nothing in the design answers it, the last.
pub(super) const REVIEWED: [(&str, [&str; 2]); 3] = [
    ("answered", ["It is written down, and two of us could find it.", "We do it, and new people are told why."]),
    ("partly", ["It is in the design. Not everybody works by it yet.", "Agreed between two of us; the others have not seen it."]),
    ("open", ["We have not talked about it.", "Nobody has it to do, so nobody does it."]),
];

/// What somebody says who has a doubt.
pub(super) const DOUBTS: [&str; 5] = [
    "Who does it when the volunteers are tired?",
    "We tried something like it, and nobody came.",
    "It helps those who come already.",
    "I would rather finish what we have begun.",
    "Ask the top floors first.",
];
