// What an act asks for: one field of its form.

export interface ActField {
  name: string;
  label: string;
  hint?: string;
  options?: { value: string; label: string }[];
  isLong?: boolean;
  required?: boolean;
  least?: number;
  most?: number;
}
