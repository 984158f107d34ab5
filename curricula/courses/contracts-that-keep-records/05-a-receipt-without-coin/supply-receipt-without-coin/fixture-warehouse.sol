// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IReceipt {
    function accept(bytes32 order) external;
}

/// A receiver that is a contract. It accepts whenever anybody asks it to.
contract Warehouse {
    IReceipt private immutable receipt;

    constructor(address receipt_) {
        receipt = IReceipt(receipt_);
    }

    function take(bytes32 order) external {
        receipt.accept(order);
    }
}
