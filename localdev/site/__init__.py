"""The demo news site: «Вісті Надріччя», a made-up newsroom that embeds Spilno as any website would."""
