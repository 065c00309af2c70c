"""What the yardstick shows, made once: only Streamlit's own work is left to measure."""

import pandas as pd
import plotly.graph_objects as go

TABLE = pd.DataFrame(
    {
        "Name": [f"Row {row}" for row in range(1, 21)],
        "Group": ["Technology", "Support", "Admin", "Marketing"] * 5,
        "Purpose": [f"To show what a cell of ordinary length costs, case {row}" for row in range(1, 21)],
        "Count": list(range(20, 0, -1)),
        "Share": [row / 20 for row in range(1, 21)],
    }
)
FIGURE = go.Figure(
    [
        go.Bar(name=f"Series {series}", x=TABLE["Name"].to_list(), y=[(row * series) % 17 + 1 for row in range(20)])
        for series in range(1, 5)
    ],
    {"barmode": "stack", "height": 480},
)
