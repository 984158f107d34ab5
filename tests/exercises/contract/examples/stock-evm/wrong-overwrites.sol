// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

contract Stock {
    address private keeper;
    uint256 private total;
    mapping(bytes32 => uint256) private amounts;

    event TakenIn(bytes32 item, uint256 amount);

    error NotPermitted();

    modifier onlyKeeper() {
        if (msg.sender != keeper) revert NotPermitted();
        _;
    }

    constructor(address keeper_) {
        keeper = keeper_;
    }

    function takeIn(bytes32 item, uint256 amount) external onlyKeeper returns (uint256) {
        require(amount > 0 && amount <= 1000, "amount");
        amounts[item] = amount;
        total += amount;
        emit TakenIn(item, amount);
        return amounts[item];
    }

    function stockOf(bytes32 item) external view returns (uint256) {
        return amounts[item];
    }

    function everything() external view returns (uint256) {
        return total;
    }
}
