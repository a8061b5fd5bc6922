# Immerse. `make help` lists what can be done. Only Go is needed for run, test and build.

COUNTRY ?= es
PORT    ?= 8080

FUNCTIONS := intake matching notification referral percolation feedback followup hsds figures
LINTER    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# What is deployed: one static program a function, the same bytes on every machine.
LAMBDA_BUILD := GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags lambda.norpc -ldflags='-s -w -buildid='

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  COUNTRY=es|it|cy chooses the country (es), PORT= the port of make run (8080), CLOCK= when it begins (2026-12-24T09:00)."

.PHONY: run
run: known-country ## run the whole system here: form, functions, queues, tables, mailbox
	@go build -o build/immerse-local ./infra/local && PORT=$(PORT) COUNTRY=$(COUNTRY) CLOCK=$(CLOCK) exec build/immerse-local

# Six tests of a package at a time, as those of the whole system wait more than they work; vet has a target of its own.
# What needs Node, Java or a browser says SKIPPED (go test -v) where that is not there.
TESTS = go test -vet=off -timeout 20m -parallel 6

# The race detector needs a C compiler; a machine with Go alone does without.
RACE = $(if $(shell command -v $$(go env CC)),-race)

# Here nothing is started that runs beside anything else, at most tests run side by side: the race detector would find next to nothing,
# and take ten times as long for it, most of all where sites and templates are made. The first line of test holds them to that, the
# second that no test is left out everywhere; .ci/run has the detector in them, too (make race).
ALONE := $(addprefix ./,functions/hsds infra shared/assign shared/batch shared/catalogue/linked shared/catalogue/tabular shared/country \
	shared/fairness shared/figures shared/match shared/match/index shared/match/percolate shared/page shared/population shared/snapshot site)

# These are gone through twice: whole without the race detector, and with it but for tests that do much one thing after the other
# (testing.Short). The whole system is many programs; those that TestMainJob starts have the race detector.
TWICE := $(addprefix ./,functions/feedback functions/followup functions/notification infra/immersectl infra/local/bench infra/local/proof shared/places)

# Minutes of their own: steps of .ci/run.
LATER := AYearOfCases|TheUrgentOvertake

.PHONY: test
test: ## run every test, with the race detector where anything runs at once, without network or account
	@! grep -nE '^\s*go |\.Go\(' $(addsuffix /*.go,$(ALONE)) || { echo "this runs beside something else: take its package off ALONE in the Makefile"; exit 1; }
	@! grep -rl --include='*_test.go' 'testing\.Short()' events functions infra shared site | xargs -n1 dirname | sort -u | grep -vxF "$$(printf '%s\n' $(patsubst ./%,%,$(ALONE) $(TWICE)))" || \
		{ echo "tests there are left out with -short, and would be run nowhere: add the package to TWICE in the Makefile"; exit 1; }
	@test -n "$(RACE)" || echo "SKIPPED the race detector: it needs a C compiler, and there is no $$(go env CC) here"
	@echo "SKIPPED $(LATER): minutes of their own, in .ci/run"
	$(TESTS) -skip '$(LATER)|MainJob' $(ALONE) $(TWICE)
	$(TESTS) $(RACE) -short $$(go list ./... | grep -vxF "$$(go list $(ALONE))")
	$(TESTS) $(RACE) -run MainJob ./infra/local/proof

.PHONY: race
race: ## run also those tests under the race detector that test leaves it out of
	go test -race -short -vet=off -timeout 30m $(ALONE)

.PHONY: independent
independent: ## hold our stand-ins to DynamoDB Local and fauxqs (needs Java, Node and npm)
	.ci/independent.sh >/dev/null
	go test -count=1 -v -run 'DynamoDBLocal|Fauxqs|Conformance|Independent' ./infra/local/independent ./infra/local/sqs ./infra/local/s3

.PHONY: foreign
foreign: ## deploy the golden templates into moto and run the programs there; lint them with cfn-lint (needs both)
	FOREIGN=1 go test -count=1 -v -run Foreign ./infra/local/independent
	go test -count=1 -v -run LinterFindsNothing ./infra

.PHONY: check
check: format vet lint vulncheck test build templates ## all that CI asks for

.PHONY: templates
templates:
	@if command -v node >/dev/null; then $(MAKE) --no-print-directory synth; else echo "SKIPPED synth: the CDK needs Node, which is not here"; fi

.PHONY: format
format:
	@unformatted=$$(gofmt -l events functions infra shared site); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go mod verify
	go mod tidy -diff

.PHONY: vet
vet:
	go vet ./...

.PHONY: lint
lint:
	go run $(LINTER) run --allow-parallel-runners ./...

# The database of known vulnerabilities is on the network; where it can't be reached the check says so and is left out.
.PHONY: vulncheck
vulncheck:
	@if curl --silent --fail --max-time 10 --output /dev/null https://vuln.go.dev/index/db.json; then go run $(VULNCHECK) ./...; \
	else echo "SKIPPED govulncheck: its database can't be reached from here"; fi

.PHONY: build
build: ## build what is deployed: build/<function>/bootstrap and build/<function>.zip
	@for function in $(FUNCTIONS); do \
		$(LAMBDA_BUILD) -o build/$$function/bootstrap ./functions/$$function/lambda && \
		go run ./infra/bundle -out build/$$function.zip build/$$function/bootstrap || exit 1; \
	done
	@ls -l build/*.zip

.PHONY: site
site: known-country ## write the static site of COUNTRY to dist/
	go run ./site/cmd/site -country $(COUNTRY) -out dist

.PHONY: site-report
site-report: ## name the pages about rights of COUNTRY that are to be written or checked
	go run ./site/cmd/site -country $(COUNTRY) -report

# The CDK runs on Node. It warns of versions that are no longer cared for; ours is the operator's matter.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 18,20
STACK  = Immerse-$(shell echo $(COUNTRY) | tr a-z A-Z)
STACKS = $(STACK) $(STACK)-Mail
OUTPUT = node -p "require('./build/outputs.json')['$(STACK)'].$(1)"

node_modules: package-lock.json
	npm ci --no-audit --no-fund
	@touch node_modules

.PHONY: bench
bench: ## measure what a case costs, how long it takes, how fast matching is; writes build/bench.json (build first for the sizes)
	go run ./infra/local/bench $(BENCH)

# known-country ends before anything is built when there is no such pack.
.PHONY: known-country
known-country:
	@test -f "shared/country/$$(echo "$(COUNTRY)" | tr A-Z a-z)/pack.json" || { echo "there is no country \"$(COUNTRY)\"; COUNTRY= is one of:" $$(ls shared/country/*/pack.json | cut -d/ -f3); exit 1; }

NO_ACCOUNT = echo "If it says that it can't resolve an account: sign in (aws sso login, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret) and see docs/operations.md\#first-deploy. Without an account, make synth writes the templates and git diff infra/testdata shows what changed in them."

.PHONY: synth
synth: known-country build ## write the CloudFormation templates to cdk.out/ (all countries, or COUNTRY=)
	@rm -rf cdk.out
	CDK_OUTDIR=cdk.out go run ./infra $(if $(filter file,$(origin COUNTRY)),,$(COUNTRY))
	@ls cdk.out/*.template.json

.PHONY: diff
diff: known-country build node_modules ## show what a deployment of COUNTRY would change (needs an account)
	@npx cdk diff $(STACKS) || { $(NO_ACCOUNT); exit 1; }

# Functions before the site: their pages bear a former stylesheet for a while, the site's would not (decision 0304).
# What has its hash in its name is kept for ever, and its former versions stay for pages that are still open.
.PHONY: deploy
deploy: known-country aws-command build site node_modules ## deploy COUNTRY: the stacks, the pack as a catalogue, the site (needs an account and the aws command)
	@npx cdk deploy $(STACKS) --outputs-file build/outputs.json || { $(NO_ACCOUNT); exit 1; }
	@set -e; export AWS_REGION=$$($(call OUTPUT,SiteRegion)); export AWS_DEFAULT_REGION=$$AWS_REGION; bucket=s3://$$($(call OUTPUT,SiteBucket)); set -x; \
	aws s3 sync dist $$bucket --exclude '*' --include 'assets/*-????????????.*' --cache-control 'public, max-age=31536000, immutable'; \
	aws s3 sync dist $$bucket --exclude '*' --include 'assets/*' --exclude 'assets/*-????????????.*' --cache-control 'public, max-age=86400'; \
	aws s3 sync dist $$bucket --exclude 'assets/*' --delete --cache-control 'public, max-age=300'; \
	go run ./infra/immersectl catalogue publish --country $(COUNTRY) --deployed; \
	aws cloudfront create-invalidation --distribution-id $$($(call OUTPUT,SiteDistribution)) --paths '/*'

# Without it the stacks would be deployed, and the site not.
.PHONY: aws-command
aws-command:
	@command -v aws >/dev/null || { echo "make deploy needs the aws command (version 2), which copies the site: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"; exit 1; }

.PHONY: clean
clean: ## remove what was built
	rm -rf build dist
