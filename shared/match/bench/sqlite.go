package main

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// A database engine is a table in memory, clustered by need and area, with a row for each clause and a column for each
// constraint. Statements are prepared once for each set of fields that are said.
type database struct {
	*model
	db        *sql.DB
	languages []uint16 // that have bounds
	prepared  map[string]*sql.Stmt
	today     int64
}

const onlineArea = -1

func newDatabase(m *model) (*database, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	d := &database{model: m, db: db, prepared: map[string]*sql.Stmt{}, today: m.today.Unix() / 86400}
	for i := range m.services {
		for j := range m.services[i].clauses {
			for _, b := range m.services[i].clauses[j].languages {
				if !slices.Contains(d.languages, b.language) {
					d.languages = append(d.languages, b.language)
				}
			}
		}
	}
	columns := "need, area, service, clause, expires, has, status, gender, registrations, age_low, age_high, children_low, children_high," +
		"months_low, months_high, learning_low, learning_high, speaks, occupation"
	for _, l := range d.languages {
		columns += fmt.Sprintf(", l%d_low, l%d_high", l, l)
	}
	if _, err := db.Exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE offer (" + columns +
		", PRIMARY KEY (need, area, service, clause)) WITHOUT ROWID"); err != nil {
		return nil, err
	}
	return d, d.fill(strings.Count(columns, ",") + 1)
}

func (d *database) fill(columns int) error {
	tx, err := d.db.Begin()
	if err != nil {
		return err
	}
	insert, err := tx.Prepare("INSERT INTO offer VALUES (?" + strings.Repeat(",?", columns-1) + ")") //nolint:gosec // nothing but question marks
	if err != nil {
		return err
	}
	for service := range d.services {
		r := &d.services[service]
		places := []int{}
		for _, area := range r.areas {
			places = append(places, int(area))
		}
		if r.online {
			places = append(places, onlineArea)
		}
		clauses := r.clauses
		if len(clauses) == 0 {
			clauses = []clause{{}}
		}
		for need := range codes.Needs {
			if r.needs>>need&1 == 0 {
				continue
			}
			for _, place := range places {
				for i := range clauses {
					row := append([]any{need, place, service, i, d.expires(r)}, d.columns(&clauses[i])...)
					if _, err := insert.Exec(row...); err != nil {
						return err
					}
				}
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = d.db.Exec("ANALYZE")
	return err
}

// expires gives the last day on which a service is offered.
func (d *database) expires(r *record) int64 {
	if r.unchecked {
		return 1 << 40
	}
	return d.dates[r.date].AddDate(0, 12, 0).Unix() / 86400
}

func (d *database) columns(c *clause) []any {
	const all = 1<<16 - 1
	status, gender := int64(all), int64(all)
	if c.has&hasStatus != 0 {
		status = int64(c.status)
	}
	status &^= int64(c.notStatus)
	if c.has&hasGender != 0 {
		gender = int64(c.gender)
	}
	speaks := int64(0)
	for _, l := range c.speaks {
		speaks |= 1 << l
	}
	row := []any{int64(c.has), status, gender, int64(c.registrations)}
	for i, field := range []uint16{hasAge, hasChildren, hasMonths, hasLearning} {
		e := rangesOf[i](c)
		if c.has&field == 0 {
			e = [2]int32{-1 << 31, 1<<31 - 1}
		}
		row = append(row, e[0], e[1])
	}
	row = append(row, speaks, " "+strings.Join(c.occupation, "  ")+" ")
	for _, l := range d.languages {
		b := bound{low: 0, high: int8(len(codes.Levels) - 1)}
		for _, other := range c.languages {
			if other.language == l {
				b = other
			}
		}
		row = append(row, b.low, b.high)
	}
	return row
}

// query builds the statement for what a person said.
func (d *database) query(p *person) (text string, values []any) {
	var where strings.Builder
	in := func(column string, list ...any) {
		fmt.Fprintf(&where, "%s IN (?%s)", column, strings.Repeat(",?", len(list)-1))
		values = append(values, list...)
	}
	and := func(said uint16, condition string, list ...any) {
		if p.said&said != 0 {
			where.WriteString(" AND " + condition)
			values = append(values, list...)
		}
	}
	open := "0"
	if p.said&hasOccupation != 0 {
		// Met by a group that the occupation lies under; open for one that lies under the occupation.
		var met []string
		for i := range len(p.occupation) {
			met = append(met, fmt.Sprintf("instr(occupation, ' %s ')", p.occupation[:i+1]))
		}
		open = fmt.Sprintf("(has & %d AND NOT (%s))", hasOccupation, strings.Join(met, " OR "))
	}
	in("need", anys(p.needs)...)
	where.WriteString(" AND ")
	in("area", append(anys(p.path), onlineArea)...)
	where.WriteString(" AND expires >= ?")
	values = append(values, d.today)
	and(hasStatus, "status & ?", int64(p.status))
	and(hasGender, "gender & ?", int64(p.gender))
	and(hasRegistrations, "registrations & ? = 0", int64(^p.registrations))
	and(hasAge, "? BETWEEN age_low AND age_high", p.age)
	and(hasChildren, "? BETWEEN children_low AND children_high", p.children)
	and(hasMonths, "? BETWEEN months_low AND months_high", p.months)
	and(hasLearning, "? BETWEEN learning_low AND learning_high", p.learning)
	speaks := int64(0)
	for l, level := range p.levels {
		if level >= 3 {
			speaks |= 1 << l
		}
	}
	and(hasSpeaks, "(speaks = 0 OR speaks & ?)", speaks)
	for _, l := range d.languages {
		and(hasLanguages, fmt.Sprintf("? BETWEEN l%d_low AND l%d_high", l, l), p.levels[l])
	}
	if p.said&hasOccupation != 0 {
		and(hasOccupation, "(NOT "+open+" OR instr(occupation, ' "+p.occupation+"'))")
	}
	lacks := fmt.Sprintf("(has & %d) OR %s", ^p.said&(1<<11-1), open)
	return "SELECT service, max(CASE WHEN " + lacks + " THEN 1 ELSE 2 END * 1048576 - clause) FROM offer WHERE " + where.String() +
		" GROUP BY service", values
}

func anys[T any](list []T) (all []any) {
	for _, v := range list {
		all = append(all, v)
	}
	return all
}

func (d *database) find(p *person, list []found) []found {
	text, values := d.query(p)
	statement := d.prepared[text]
	if statement == nil {
		var err error
		if statement, err = d.db.Prepare(text); err != nil {
			panic(err)
		}
		d.prepared[text] = statement
	}
	rows, err := statement.Query(values...)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var service uint32
		var key int64
		if err := rows.Scan(&service, &key); err != nil {
			panic(err)
		}
		verdict, decides := eligibility.Unknown, int(1<<20-key)
		if key > 1<<20 {
			verdict, decides = eligibility.True, int(2<<20-key)
		} else if len(d.services[service].clauses) > 1 {
			_, decides = p.judge(&d.services[service])
		}
		if len(d.services[service].clauses) == 0 {
			decides = -1
		}
		list = p.add(list, service, verdict, decides)
	}
	if err := rows.Err(); err != nil {
		panic(err)
	}
	return list
}
