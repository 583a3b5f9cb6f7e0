"""The group "labels": takes label.print from its queues, and sends label.printed. Needs pika 1.2.

BROKER_URL and NAMESPACE are as for the services; the one argument is the SQLite file that remembers what was done.
"""
import json
import os
import signal
import sqlite3
import sys
import uuid

import pika

namespace = os.environ["NAMESPACE"]
source = f"/{namespace}/labels"
attempts = 3


class Refused(Exception):
    """Trying again cannot help."""


def print_label(parcel, destination, attempt):
    if destination == "Atlantis":
        raise Refused("no carrier goes to Atlantis")
    if destination == "Lagos" and attempt == 1:
        raise OSError("the printer is out of paper")
    return f"{destination[:2].upper()}-{parcel}"


def handle(channel, method, properties, body):
    """Effect and the note that it was done are one transaction; then what follows from it is sent; then comes the ack."""
    headers = properties.headers or {}
    key = (headers.get("cloudEvents_source", ""), headers.get("cloudEvents_id") or properties.message_id)
    attempt = headers.get("handoff-attempt", 1)
    data = json.loads(body)
    try:
        with store:
            if store.execute("insert or ignore into inbox (source, id) values (?, ?)", key).rowcount:
                label = print_label(data["parcel"], data["destination"], attempt)
                store.execute("insert into labels (parcel, label) values (?, ?)", (data["parcel"], label))
                print(f"python: printed {label}", flush=True)
            else:
                print(f"python: {data['parcel']} again, and not printed twice", flush=True)
    except Refused as refusal:
        print(f"python: parked {data['parcel']}: {refusal}", flush=True)
        return channel.basic_reject(method.delivery_tag, requeue=False)
    except Exception as failure:
        return try_again(channel, method, properties, body, attempt, failure)
    # Also for one that was done before: it may have been killed between the commit and this line.
    (label,) = store.execute("select label from labels where parcel = ?", (data["parcel"],)).fetchone()
    send_printed(channel, key, {"parcel": data["parcel"], "label": label})
    channel.basic_ack(method.delivery_tag)


def try_again(channel, method, properties, body, attempt, failure):
    """A confirmed copy to the delay tier of the group, then the ack: the broker brings it back when the delay is over."""
    print(f"python: {failure} (attempt {attempt} of {attempts})", flush=True)
    if attempt >= attempts:
        return channel.basic_reject(method.delivery_tag, requeue=False)
    properties.headers = {**(properties.headers or {}), "handoff-attempt": attempt + 1}
    # The tier leads to the work queue, in which no message has one.
    properties.priority = None
    publish(channel, f"{namespace}.requeue.v1", f"{namespace}.labels.retry.500ms.v1", body, properties)
    channel.basic_ack(method.delivery_tag)


def send_printed(channel, key, data):
    """Its id is made of the message that it follows from, so that sending it twice is the same message."""
    id = str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(key)))
    headers = {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": id,
        "cloudEvents_source": source,
        "cloudEvents_type": "label.printed",
    }
    properties = pika.BasicProperties(
        message_id=id, type="label.printed", content_type="application/json", delivery_mode=2, headers=headers
    )
    publish(channel, f"{namespace}.events.v1", "label.printed", json.dumps(data).encode(), properties)


def publish(channel, exchange, routing_key, body, properties):
    """Returns once the broker has confirmed it; raises where it has not, or no queue took it."""
    channel.basic_publish(exchange, routing_key, body, properties, mandatory=True)


store = sqlite3.connect(sys.argv[1])
store.execute("create table if not exists inbox (source text, id text, primary key (source, id))")
store.execute("create table if not exists labels (parcel text, label text)")
channel = pika.BlockingConnection(pika.URLParameters(os.environ["BROKER_URL"].split(",")[0])).channel()
channel.confirm_delivery()
channel.basic_qos(prefetch_count=10)
# What has a priority comes by queues of its own; with a window for each, none of the three starves.
for lane in ("urgent.", "", "low."):
    channel.basic_consume(f"{namespace}.labels.{lane}v1", handle)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: channel.connection.add_callback_threadsafe(channel.stop_consuming))
print("python: waits for labels to print", flush=True)
channel.start_consuming()
channel.connection.close()
