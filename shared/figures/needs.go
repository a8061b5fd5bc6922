package figures

// The same cases are told by authority and by need, and everybody can know which authority helps with which need. So sums can be
// subtracted: if one authority helps with language alone, what is left of all that is about language is another's, and may be
// three people.
//
// Let S be a set of needs, N(S) the cases that are about one of them, and R(S) those of all authorities that have cases about nothing
// but S. Both can be read, and so can their difference D(S): the cases about S of all other authorities. The number of
// cases that an authority can have about a need is at most the least D(S) in which it is (max-flow, min-cut: decision 2301), and so
// nobody can be sure that a group has between 1 and k-1 people if no D(S) does. It is looked at with what authorities really have:
// who believes that one may have more is told even less.

// cross tells whether no small group can be worked out from leaves and needs together.
func (s safety) cross(leaves []leaf, needs []block) bool {
	if len(needs) < 2 || len(leaves) < 2 {
		return true
	}
	at := map[string]int{}
	for i, b := range needs {
		for _, r := range b.rows {
			at[r.need] = i
		}
	}
	support := make([]uint, len(leaves))
	for i, l := range leaves {
		for _, r := range l.rows {
			support[i] |= 1 << at[r.need]
		}
	}
	everything := uint(1)<<len(needs) - 1
	for set := uint(1); set < everything; set++ {
		var rest []row
		for i, l := range leaves {
			if support[i]&^set == 0 || support[i]&set == 0 {
				continue
			}
			for _, r := range l.rows {
				if set&(1<<at[r.need]) != 0 {
					rest = append(rest, r)
				}
			}
		}
		if small, _ := s.none(rest); small {
			return false
		}
	}
	return true
}
