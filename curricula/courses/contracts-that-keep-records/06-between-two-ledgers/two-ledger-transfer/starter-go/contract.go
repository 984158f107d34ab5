package main

import (
	"errors"
	"strconv"
)

// patience: how many seconds after its lock a receipt may still be taken in on the other ledger.
const patience = 600

// begin keeps the rules when the contract is installed.
func begin() error {
	for _, name := range []string{"other", "keeper", "gateway"} {
		if arg(name) == "" {
			return errors.New("missing " + name)
		}
		put("rules", name, arg(name))
	}
	return nil
}

// issue: the keeper says that goods lie here. A ledger gives each number once, for ever.
func issue(receipt, kg string) error {
	if err := permit("keeper", "client"); err != nil {
		return err
	}
	amount, err := strconv.ParseUint(kg, 10, 32)
	if err != nil || amount == 0 || strconv.FormatUint(amount, 10) != kg {
		return errors.New("kg is no whole number from 1 to 4294967295")
	}
	if get("receipt."+receipt, "issued") != "" {
		return errors.New("this receipt was issued before")
	}
	give(receipt, kg)
	return nil
}

// give makes a receipt valid on this ledger.
func give(receipt, kg string) {
	put("receipt."+receipt, "issued", kg)
	put("receipt."+receipt, "held", kg)
}

// held is the kg of a receipt that is valid on this ledger, else 0.
func held(receipt string) string {
	if kg := get("receipt."+receipt, "held"); kg != "" {
		return kg
	}
	return "0"
}

// lock is the Try: the receipt is valid nowhere until the other ledger has decided.
func lock(receipt string) (string, error) {
	// TODO
	return "", errors.New("not written yet")
}

// sync keeps a header of the other ledger. What is known is never replaced.
func sync(text string) error {
	header := readHeader(text)
	// TODO: who may bring it? Has it the right hash? Does it fit what is known?
	put(place(header.Height), "root", header.TransactionRoot)
	return nil
}

// claim decides for a transfer: the receipt is valid here from now on.
func claim(text string) error {
	// TODO
	return errors.New("not written yet")
}

// refuse decides against a transfer: it will never be taken in here.
func refuse(text string) error {
	// TODO
	return errors.New("not written yet")
}

// confirm: the other ledger has issued the receipt, so the lock here is used up.
func confirm(text string) error {
	// TODO
	return errors.New("not written yet")
}

// cancel: the other ledger will never issue the receipt, so it is valid here again.
func cancel(text string) error {
	// TODO
	return errors.New("not written yet")
}

// proven gives the data of the event of this contract, on the other ledger, that a proof is
// about. It believes the headers that are kept here, and nothing that a proof says of itself.
func proven(text, topic string) ([]string, error) {
	proof := readProof(text)
	// TODO: why should we believe it?
	for _, event := range proof.Events() {
		if event.Topic == topic {
			return event.Data, nil
		}
	}
	return nil, errors.New("a proof of something else")
}

// place is the key under which a header is kept.
func place(height uint64) string { return "header." + strconv.FormatUint(height, 10) }

// permit asks the chain, not the arguments, who is calling.
func permit(rule, wanted string) error {
	organisation, role := sender()
	if organisation != get("rules", rule) || role != wanted {
		return errors.New("not permitted")
	}
	return nil
}
