"""What rows of earlier releases lack, written once: `ops upgrade`. Everything reads them without it, too."""
