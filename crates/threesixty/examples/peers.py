"""One step of `make bench-grants` by the usual tools; says the most memory it took."""

import json
import os
import resource
import shutil
import sys
import warnings

step, folder, schemas, csv, xlsx = sys.argv[1:]
warnings.simplefilter("ignore")
schema = os.path.join(schemas, "360-giving-schema.json")
grants = os.path.join(folder, "grants.json")


def check():
    from jsonschema import Draft202012Validator, FormatChecker

    with open(schema) as file:
        rules = json.load(file)
    validator = Draft202012Validator(rules, format_checker=FormatChecker())
    with open(grants) as file:
        package = json.load(file)
    problems, ids = 0, set()
    for grant in package["grants"]:
        problems += sum(1 for _ in validator.iter_errors(grant))
        if grant.get("id") in ids:
            problems += 1
        ids.add(grant.get("id"))
    return len(package["grants"])


def flatten(kind):
    import flattentool

    out = os.path.join(folder, "peer-csv" if kind == "csv" else "peer.xlsx")
    shutil.rmtree(out, ignore_errors=True)
    flattentool.flatten(
        grants, schema=schema, output_format=kind, output_name=out, root_list_path="grants", root_id="", id_name="id",
        main_sheet_name="grants", use_titles=True,
    )
    return count()


def unflatten(kind):
    import flattentool

    source = xlsx
    if kind == "csv":
        source = os.path.join(folder, "peer-input")
        os.makedirs(source, exist_ok=True)
        shutil.copy(csv, os.path.join(source, "grants.csv"))
    out = os.path.join(folder, "peer-from-" + kind + ".json")
    flattentool.unflatten(
        source, input_format=kind, schema=schema, root_list_path="grants", root_id="", id_name="id", convert_titles=True,
        output_name=out,
    )
    return count()


def count():
    return int(os.environ.get("N") or 100000)


steps = {
    "check_json": check,
    "json_to_csv": lambda: flatten("csv"),
    "csv_to_json": lambda: unflatten("csv"),
    "json_to_xlsx": lambda: flatten("xlsx"),
    "xlsx_to_json": lambda: unflatten("xlsx"),
}
done = steps[step]()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"grants": done, "mb": round(used.ru_maxrss / 1024, 1), "cpu": round(used.ru_utime + used.ru_stime, 2)}))
