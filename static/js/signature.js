// A field to sign in, by finger, pen or mouse. It gives the strokes as whole numbers in a field of 600 by 200, and no image.
(() => {
  "use strict";
  const WIDTH = 600, HEIGHT = 200, NEAR = 3, MOST_STROKES = 60, MOST_NUMBERS = 3600;

  class SignatureField {
    constructor(canvas) {
      this.canvas = canvas;
      this.strokes = [];
      this.current = null;
      canvas.addEventListener("pointerdown", (event) => this.start(event));
      canvas.addEventListener("pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { this.current = null; });
    }

    get isEmpty() { return this.strokes.length === 0; }

    wipe() {
      this.strokes = [];
      this.current = null;
      this.draw();
    }

    at(event) {
      const box = this.canvas.getBoundingClientRect();
      const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
      return [within((event.clientX - box.left) / box.width * WIDTH, WIDTH), within((event.clientY - box.top) / box.height * HEIGHT, HEIGHT)];
    }

    start(event) {
      if (event.button > 0 || this.strokes.length >= MOST_STROKES) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      const [x, y] = this.at(event);
      this.current = [x, y, x, y];
      this.strokes.push(this.current);
      this.draw();
    }

    move(event) {
      if (!this.current) return;
      for (const one of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) this.add(this.at(one));
      this.draw();
    }

    add([x, y]) {
      const length = this.current.length;
      const far = Math.hypot(x - this.current[length - 2], y - this.current[length - 1]) >= NEAR;
      if (far && this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) < MOST_NUMBERS) this.current.push(x, y);
    }

    draw() {
      const pen = this.canvas.getContext("2d");
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      pen.strokeStyle = getComputedStyle(this.canvas).color;
      pen.lineWidth = 5;
      pen.lineCap = pen.lineJoin = "round";
      for (const stroke of this.strokes) {
        pen.beginPath();
        pen.moveTo(stroke[0], stroke[1]);
        for (let at = 2; at < stroke.length; at += 2) pen.lineTo(stroke[at], stroke[at + 1]);
        pen.stroke();
      }
    }
  }
  window.SignatureField = SignatureField;
})();
