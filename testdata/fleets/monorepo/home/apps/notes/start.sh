#!/bin/sh
exec notes --data "${DATA_DIR:-/data}" --domain "${1%%/*}"
