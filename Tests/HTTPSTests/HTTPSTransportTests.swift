import HTTPS
import LiveChecks
import Testing
