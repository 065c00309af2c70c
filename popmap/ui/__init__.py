"""What the pages are made of; the only room of popmap that knows Streamlit."""
