//! The short lists of codes that the standard refers to. They are facts, each with where it is from.

/// ISO 4217, with the codes that are no longer in use: grants of the past were paid in them.
static CURRENCIES: &str = "ADP AED AFA AFN ALK ALL AMD ANG AOA AOK AON AOR ARA ARP ARS ARY ATS AUD AWG AYM AZM AZN BAD BAM BBD BDT BEC BEF BEL \
     BGJ BGK BGL BGN BHD BIF BMD BND BOB BOP BOV BRB BRC BRE BRL BRN BRR BSD BTN BUK BWP BYB BYN BYR BZD CAD CDF CHC CHE \
     CHF CHW CLF CLP CNY COP COU CRC CSD CSJ CSK CUC CUP CVE CYP CZK DDM DEM DJF DKK DOP DZD ECS ECV EEK EGP ERN ESA ESB \
     ESP ETB EUR FIM FJD FKP FRF GBP GEK GEL GHC GHP GHS GIP GMD GNE GNF GNS GQE GRD GTQ GWE GWP GYD HKD HNL HRD HRK HTG \
     HUF IDR IEP ILP ILR ILS INR IQD IRR ISJ ISK ITL JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAJ LAK LBP LKR LRD \
     LSL LSM LTL LTT LUC LUF LUL LVL LVR LYD MAD MDL MGA MGF MKD MLF MMK MNT MOP MRO MRU MTL MTP MUR MVQ MVR MWK MXN MXP \
     MXV MYR MZE MZM MZN NAD NGN NIC NIO NLG NOK NPR NZD OMR PAB PEH PEI PEN PES PGK PHP PKR PLN PLZ PTE PYG QAR RHD ROK \
     ROL RON RSD RUB RUR RWF SAR SBD SCR SDD SDG SDP SEK SGD SHP SIT SKK SLL SOS SRD SRG SSP STD STN SUR SVC SYP SZL THB \
     TJR TJS TMM TMT TND TOP TPE TRL TRY TTD TWD TZS UAH UAK UGS UGW UGX USD USN USS UYI UYN UYP UYU UZS VEB VEF VES VNC \
     VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XDR XEU XFO XFU XOF XPD XPF XPT XRE XSU XTS XUA XXX YDD YER YUD YUM YUN \
     ZAL ZAR ZMK ZMW ZRN ZRZ ZWC ZWD ZWL ZWN ZWR";

/// ISO 3166-1, two letters.
static COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC \
     CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD \
     GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH \
     KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW \
     MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC \
     SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY \
     UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Kinds of area that the Office for National Statistics keeps codes of, as the standard abbreviates them. There is none for an
/// integrated care board, a combined authority or a country.
static GEO_CODE_TYPES: [&str; 45] = [
    "AgricSmall",
    "CA",
    "CANNET",
    "CCG",
    "CDRP",
    "CFA",
    "CHP",
    "CMCTY",
    "CMLAD",
    "CMWD",
    "COM",
    "CSP",
    "CTY",
    "DZ",
    "EER",
    "FRA",
    "HB",
    "IG",
    "LAC",
    "LEP",
    "LONB",
    "LSOA",
    "MD",
    "MSOA",
    "NAWC",
    "NHSAT",
    "NMD",
    "NPARK",
    "OA",
    "PAR",
    "PFA",
    "PUA",
    "REGD",
    "REGSD",
    "RGN/GOR",
    "ROA - CPP",
    "ROA - Local",
    "SA",
    "SPC",
    "TTWA",
    "UA",
    "USOA",
    "WD",
    "WPC",
    "WZ",
];

/// Registers of the United Kingdom, and registers of the world, by their codes on org-id.guide.
static REGISTERS: &str = "GB-CASC GB-CCSCUST GB-CHC GB-COA GB-COE GB-COH GB-CR GB-EDU GB-GOR GB-GOV GB-GOVUK GB-HESA GB-IRN GB-LAE GB-LANI GB-LAS \
     GB-MPR GB-NHS GB-NIC GB-PLA GB-PPG GB-REV GB-SC GB-SCOTEDU GB-SHPE GB-SRS GB-UKPRN GB-WALEDU \
     XI-BRIDGE XI-DUNS XI-EORI XI-GRID XI-IATI XI-LEI XI-PB XI-PID XI-ROR XI-WIKIDATA XM-DAC XM-OCHA XR-EUCB XR-NUTS";

/// Whether one of these words, which stand in order and are all as long as the first.
fn among(words: &str, code: &str, length: usize) -> bool {
    if code.len() != length {
        return false;
    }
    let (bytes, step) = (words.as_bytes(), length + 1);
    let (mut from, mut to) = (0, (bytes.len() + 1) / step);
    while from < to {
        let middle = usize::midpoint(from, to);
        match bytes.get(middle * step..middle * step + length).unwrap_or_default().cmp(code.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    false
}

pub(crate) fn is_currency(code: &str) -> bool {
    code == "GBP" || among(CURRENCIES, code, 3)
}

pub(crate) fn is_country(code: &str) -> bool {
    code == "GB" || among(COUNTRIES, code, 2)
}

pub(crate) fn is_geo_code_type(code: &str) -> bool {
    GEO_CODE_TYPES.contains(&code)
}

/// Codes that are a few letters and a number in tens: `GTIR010` to `GTIR120`.
fn in_tens(code: &str, letters: &str, last: u16) -> bool {
    let digits = code.strip_prefix(letters).filter(|digits| digits.len() == 3);
    digits.is_some_and(|digits| digits.ends_with('0') && digits.parse().is_ok_and(|n: u16| (10..=last).contains(&n)))
}

pub(crate) fn is_grant_reason(code: &str) -> bool {
    in_tens(code, "GTIR", 120)
}
pub(crate) fn is_grant_purpose(code: &str) -> bool {
    in_tens(code, "GTIP", 170)
}
pub(crate) fn is_regrant_type(code: &str) -> bool {
    in_tens(code, "FRG", 70)
}
pub(crate) fn is_scope(code: &str) -> bool {
    code == "GLS099" || in_tens(code, "GLS", 60)
}

/// The register that an organisation's id is from, and the number there: `GB-CHC-1000147` is `GB-CHC` and `1000147`.
pub(crate) fn register_of(id: &str) -> Option<(&str, &str)> {
    let second = id.match_indices('-').nth(1)?.0;
    let (register, rest) = id.split_at(second);
    rest.strip_prefix('-').filter(|number| !number.is_empty()).map(|number| (register, number))
}

/// Whether an id names a register. Those of the United Kingdom and of the world are known by name; those of other countries
/// by their form, `US-EIN`, since hundreds come and go.
pub(crate) fn is_registered(id: &str) -> bool {
    if id.starts_with("360G-") {
        return true;
    }
    let Some((register, _)) = register_of(id) else { return false };
    if REGISTERS.split(' ').any(|known| known == register) {
        return true;
    }
    let Some((country, list)) = register.split_once('-') else { return false };
    let named = (2..=9).contains(&list.len()) && list.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    country != "GB" && is_country(country) && named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_others_are_not() {
        assert!(["ADP", "EUR", "ZWR", "USD"].into_iter().all(is_currency));
        assert!(!["", "gbp", "GBX", "£", "AAA", "ZZZ", "EURO"].into_iter().any(is_currency));
        assert!(["AD", "ZW", "IE"].into_iter().all(is_country));
        assert!(!["UK", "EN", "", "gb", "ZZ"].into_iter().any(is_country));
        assert!(is_grant_reason("GTIR120") && !is_grant_reason("GTIR130") && !is_grant_reason("GTIR015"));
        assert!(is_scope("GLS099") && is_scope("GLS060") && !is_scope("GLS070"));
        assert!(is_regrant_type("FRG070") && !is_regrant_type("FRG") && !is_regrant_type("BAD"));
    }

    #[test]
    fn an_id_names_a_register() {
        for id in ["GB-CHC-1000147", "GB-NHS-RAX", "360G-made-up", "XI-GRID-grid.1.2", "US-EIN-12", "BE-BCE_KBO-1"] {
            assert!(is_registered(id), "{id}");
        }
        for id in ["GB-CHC", "GB-323242-test", "RUBBISH-COH-RC000000", "1126147", "", "GB-ZZZ-1", "ZZ-EIN-1", "GB-CHC-"] {
            assert!(!is_registered(id), "{id}");
        }
    }
}
