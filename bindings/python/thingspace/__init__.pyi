# SPDX-License-Identifier: MIT
from . import policy as policy
from ._core import Call as Call
from ._core import Event as Event
from ._core import Failure as Failure
from ._core import Request as Request
from ._core import Response as Response
from ._core import Secret as Secret
from ._core import Verdict as Verdict
from ._core import deny as deny
from ._core import reply as reply
from ._core import stop as stop
from ._core import wait as wait
from .aio import AsyncClient as AsyncClient
from .catalogue import apis as apis
from .catalogue import find_service as find_service
from .catalogue import plugin_check as plugin_check
from .catalogue import plugin_test as plugin_test
from .catalogue import services as services
from .catalogue import sources as sources
from .client import Client as Client
from .errors import *
from .policy import REGISTERED as REGISTERED
from .policy import secret_dir as secret_dir
from .policy import secret_env as secret_env
from .policy import secret_file as secret_file
from .results import Api as Api
from .results import Applied as Applied
from .results import ApplyResult as ApplyResult
from .results import Deregistered as Deregistered
from .results import Ensured as Ensured
from .results import Imported as Imported
from .results import Listener as Listener
from .results import Plan as Plan
from .results import PlanChange as PlanChange
from .results import PlanCounts as PlanCounts
from .results import PlanProblem as PlanProblem
from .results import Progress as Progress
from .results import Registered as Registered
from .results import Reply as Reply
from .results import Service as Service
from .results import Source as Source
from .runs import Bulk as Bulk
from .runs import Outcome as Outcome
from .runs import Run as Run

__version__: str
