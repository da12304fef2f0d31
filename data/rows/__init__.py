"""The parts of the row store; `data.store.RowStore` is what the rest of burnish uses."""
