"""Files in, plain values out; nothing here touches the database."""
