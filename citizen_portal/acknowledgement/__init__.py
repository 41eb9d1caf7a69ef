"""What a resident can hold on to: the proof on paper, the days in a calendar, the code that a phone reads. Pure."""
