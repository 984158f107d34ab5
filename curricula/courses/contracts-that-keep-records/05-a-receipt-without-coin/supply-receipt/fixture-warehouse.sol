// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IReceipt {
    function accept(bytes32 order) external;
    function dispute(bytes32 order, bytes32 reason) external;
}

/// A receiver that is a contract. What it does when it is told depends on `mood`:
/// 0 nothing, 1 accepts once more, 2 disputes, 3 refuses.
contract Warehouse {
    IReceipt private immutable receipt;
    uint256 private mood;
    uint256 public told;

    constructor(address receipt_) {
        receipt = IReceipt(receipt_);
    }

    function take(bytes32 order, uint256 mood_) external {
        mood = mood_;
        receipt.accept(order);
    }

    function sendBack(bytes32 order, bytes32 reason) external {
        receipt.dispute(order, reason);
    }

    function onAccepted(bytes32 order) external {
        require(msg.sender == address(receipt), "not the receipt");
        told += 1;
        uint256 once = mood;
        mood = 0;
        if (once == 1) try receipt.accept(order) {} catch {}
        if (once == 2) try receipt.dispute(order, bytes32(uint256(1))) {} catch {}
        require(once != 3, "the warehouse is full");
    }
}
