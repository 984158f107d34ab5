# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help run setup test check bench format lock messages prove clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Install what is missing and run the whole site (PORT=8000)
	@$(PYTHON) -m dev.run

setup: ## Only install; then .venv/bin/python manage.py … works
	@$(PYTHON) -m dev.setup

test: ## Lint, types, architecture, migrations and every test, on real services
	@$(PYTHON) -m dev.test $(ARGS)

check: ## Only lint, format, types, templates and migrations
	@$(PYTHON) -m dev.test --checks

bench: ## Our figures beside the bare framework's and the budget (ARGS=reports: the count, 10 minutes)
	@$(PYTHON) -m dev.test --bench $(ARGS)

format: ## Format Python and mend what ruff can mend
	@.venv/bin/ruff check --fix-only --quiet . ; .venv/bin/ruff format .

lock: ## Resolve dependencies into requirements*.txt, with hashes (needs uv)
	uv pip compile -q --universal --generate-hashes pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

messages: ## Collect translatable strings into locale/ and compile them
	@.venv/bin/python -m dev.messages collect && .venv/bin/python -m dev.messages compile

prove: ## Prove the shipped courses anew and write down what was proved
	@.venv/bin/python manage.py prove curricula --record curricula/proofs.txt

clean: ## Remove everything that was installed or built; keep the database
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis
